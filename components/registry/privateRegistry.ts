import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { serviceImage } from "../../images/catalogue.ts";
import type { ComponentOutput } from "../../stacks/outputs.ts";
import type { Plan } from "../../stacks/plan.ts";
import type { LabHost } from "../hosts/labHost.ts";
import { placeOf } from "../hosts/placeOf.ts";
import { sshWhenReady } from "../hosts/sshWhenReady.ts";
import { Account, HostFiles, HostService, SwarmService } from "../resources.ts";
import type { StackAuthority } from "../stackAuthority.ts";
import { memberOf, type SwarmCluster } from "../swarmCluster.ts";
import { admissionFiles, admittedFolder, type Admission } from "./admission.ts";
import { gateConfig, gatePaths } from "./gateConfig.ts";
import { registryProbe, storageProbe } from "./probes.ts";
import { configPath, htpasswdPath, registryConfig, storagePath } from "./registryConfig.ts";
import { authorityPath, catalogPage, checkName, hostCommand, registryPorts, trust } from "./registryParts.ts";

export interface RegistryAccount {
  /** 2 to 30 lower-case letters, digits and dashes. */
  name: string;
  /** "push" may also pull and delete. */
  rights: "pull" | "push";
}

export interface PrivateRegistryArgs {
  plan: Plan;
  host: LabHost;
  /** Signs its certificate. */
  authority: StackAuthority;
  /** At least one; nobody else gets in. Their passwords are on the host, in /root/<name>/<account>.password. */
  accounts: RegistryAccount[];
  /** Hosts whose engines trust it, besides its own. */
  trustedBy?: LabHost[];
  /** Whose services it is, on `host`, one of its managers; by default it is containers, which no Swarm knows of. */
  swarm?: SwarmCluster;
  /** Accounts that may only pull get nothing but what is signed by this key and was admitted; by default they get all. */
  admission?: Admission;
  /** Port of the host; 5000 by default. The two after it are taken on loopback. */
  port?: number;
  /** How long its certificate is good for; 365 by default. `up` renews it in its last tenth. */
  certificateDays?: number;
}

const deadlineSec = 60;

/** What a service of a registry's is made from, wherever it runs. */
interface ServicePart {
  name: string;
  image: string;
  memoryMib: number;
  files: pulumi.Input<Record<string, string>>;
  volumes: Record<string, string>;
  probe: string;
}

/**
 * A registry with TLS and accounts: CNCF Distribution behind nginx. Its blobs are in the volume `<name>` of its host.
 *
 * On its host are the containers `<name>` and `<name>-gate`, or the tasks of a Swarm's services of these names, the accounts' passwords, and the command `<name>-collect`, which
 * frees what no image needs. With admission there is `<name>-admit`, too, which verifies a signature with cosign and lets
 * accounts that may only pull have the image, by its digest. https://<host>:<port>/healthz and /metrics ask for no account.
 */
export class PrivateRegistry extends pulumi.ComponentResource {
  /** "host:port". */
  readonly address: string;
  /** By account. Secret. */
  readonly passwords: Record<string, pulumi.Output<string>>;
  readonly output: pulumi.Output<ComponentOutput>;

  constructor(name: string, args: PrivateRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    const {
      plan,
      host,
      authority,
      accounts,
      trustedBy = [],
      swarm,
      admission,
      port = 5000,
      certificateDays = 365,
    } = args;
    checkName("PrivateRegistry", name);
    checkAccounts(name, accounts, admission);
    checkSwarm(name, host, swarm);
    const { address, behind, debug } = registryPorts(`PrivateRegistry ${name}`, host, port);
    super("drydock:index:PrivateRegistry", name, {}, opts);

    const gate = `${name}-gate`;
    const [pushing, pullOnly] = [withRights(accounts, "push"), withRights(accounts, "pull")];
    const onHost = { parent: this, deletedWith: host.goesWith };
    const reached = { host: host.name, ssh: sshWhenReady(host), incarnation: host.incarnation };

    const place = { ...placeOf(plan, host), command: [], deadlineSec };
    const service = (part: ServicePart, dependsOn: pulumi.Resource[] = []): pulumi.Resource =>
      swarm
        ? new SwarmService(
            part.name,
            { ...place, ...part, managers: pulumi.all(swarm.managers.map(memberOf)), clusterId: swarm.clusterId },
            { parent: this, deletedWith: swarm.goesWith, dependsOn: [...swarm.managerNodes, ...dependsOn] },
          )
        : new HostService(part.name, { ...place, ...part }, { ...onHost, dependsOn });

    const made = accounts.map(
      (account) => new Account(`${name}-${account.name}`, { account: account.name }, { parent: this }),
    );
    const htpasswd = pulumi.all(made.map((account) => account.htpasswd)).apply((lines) => `${lines.join("\n")}\n`);
    this.passwords = Object.fromEntries(
      accounts.map((account, index) => [account.name, pulumi.secret(made[index]?.password ?? "")]),
    );
    const certificate = authority.issue(`${name}-certificate`, host, certificateDays, { parent: this });
    const [tlsKey, tlsCertificate] = [certificate.privateKey, certificate.certificate];

    const probed = {
      registry: name,
      inSwarm: swarm !== undefined,
      front: gate,
      certificate: gatePaths.certificate,
      debug,
      address,
    };
    const parts = { ...probed, authority: authorityPath(address) };
    const trusted = trust(name, address, authority, [host, ...trustedBy.filter((other) => other !== host)], this);
    const files = new HostFiles(
      `${name}-files`,
      {
        ...reached,
        files: pulumi.secret(
          pulumi.all([this.passwords, admission?.key]).apply(([passwords, key]) => ({
            [`/usr/local/bin/${name}-collect`]: hostCommand("collect", parts),
            ...(key === undefined
              ? {}
              : admissionFiles(parts, { account: pushing[0] ?? "", puller: pullOnly[0] ?? "" }, key)),
            ...Object.fromEntries(
              Object.entries(passwords).map(([account, content]) => [
                `/root/${name}/${account}.password`,
                { content, mode: 0o600 },
              ]),
            ),
          })),
        ),
      },
      onHost,
    );

    const registry = service({
      name,
      image: serviceImage("registry").names[0],
      memoryMib: 256,
      files: pulumi.secret(
        pulumi.all([htpasswd, tlsKey]).apply(([lines, key]) => ({
          [configPath]: registryConfig({ address: behind, debugAddress: debug, secret: digest(key), realm: name }),
          [htpasswdPath]: lines,
        })),
      ),
      volumes: { [name]: storagePath },
      probe: storageProbe(debug),
    });
    service(
      {
        name: gate,
        image: serviceImage("nginx").names[0],
        memoryMib: 64,
        files: pulumi.secret({
          [gatePaths.config]: gateConfig({
            port,
            registry: behind,
            debug,
            pullOnly,
            admission: admission !== undefined,
          }),
          [gatePaths.certificate]: tlsCertificate,
          [gatePaths.key]: tlsKey,
        }),
        volumes: admission ? { [admittedFolder(name)]: gatePaths.admitted } : {},
        probe: registryProbe(parts),
      },
      [registry, files, ...trusted],
    );

    this.address = address;
    this.output = pulumi.output({
      name,
      kind: "private registry",
      host: host.name,
      address,
      probe: registryProbe(parts),
      page: catalogPage(address),
    });
    this.registerOutputs({ address });
  }
}

const withRights = (accounts: readonly RegistryAccount[], rights: RegistryAccount["rights"]) =>
  accounts.filter((account) => account.rights === rights).map((account) => account.name);

const digest = (text: string) => createHash("sha256").update(text).digest("hex");

function checkSwarm(name: string, host: LabHost, swarm: SwarmCluster | undefined): void {
  if (!swarm || swarm.managers.some((manager) => manager.name === host.name)) return;
  throw new Error(
    `PrivateRegistry ${name}: host is ${host.name}, which is no manager of its swarm; ` +
      `allowed are ${swarm.managers.map((manager) => manager.name).join(", ")}`,
  );
}

function checkAccounts(name: string, accounts: readonly RegistryAccount[], admission: Admission | undefined): void {
  const names = accounts.map((account) => account.name);
  for (const account of names) checkName(`PrivateRegistry ${name}, accounts`, account);
  const twice = names.find((account, index) => names.indexOf(account) !== index);
  if (twice !== undefined) throw new Error(`PrivateRegistry ${name}: the account ${twice} stands in accounts twice`);
  if (!accounts.some(({ rights }) => rights === "push"))
    throw new Error(`PrivateRegistry ${name}: accounts has none with the rights "push", so it would stay empty`);
  if (admission && !accounts.some(({ rights }) => rights === "pull"))
    throw new Error(`PrivateRegistry ${name}: admission is for accounts with the rights "pull", and accounts has none`);
}
