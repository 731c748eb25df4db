import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { serviceImage } from "../../images/catalogue.ts";
import type { ComponentOutput } from "../../stacks/outputs.ts";
import type { Plan } from "../../stacks/plan.ts";
import type { LabHost } from "../hosts/labHost.ts";
import { placeOf } from "../hosts/placeOf.ts";
import { sshWhenReady } from "../hosts/sshWhenReady.ts";
import { Account, HostFiles, HostService } from "../resources.ts";
import type { StackAuthority } from "../stackAuthority.ts";
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
  /** Port of the host; 5000 by default. The two after it are taken on loopback. */
  port?: number;
  /** How long its certificate is good for; 365 by default. `up` renews it in its last tenth. */
  certificateDays?: number;
}

const deadlineSec = 60;

/**
 * A registry with TLS and accounts: CNCF Distribution behind nginx. Its blobs are in the volume `<name>` of its host.
 *
 * On its host are the containers `<name>` and `<name>-gate`, the accounts' passwords, and the command `<name>-collect`, which
 * frees what no image needs. https://<host>:<port>/healthz and /metrics ask for no account.
 */
export class PrivateRegistry extends pulumi.ComponentResource {
  /** "host:port". */
  readonly address: string;
  /** By account. Secret. */
  readonly passwords: Record<string, pulumi.Output<string>>;
  readonly output: pulumi.Output<ComponentOutput>;

  constructor(name: string, args: PrivateRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, host, authority, accounts, trustedBy = [], port = 5000, certificateDays = 365 } = args;
    checkName("PrivateRegistry", name);
    checkAccounts(name, accounts);
    const { address, behind, debug } = registryPorts(`PrivateRegistry ${name}`, host, port);
    super("drydock:index:PrivateRegistry", name, {}, opts);

    const gate = `${name}-gate`;
    const onHost = { parent: this, deletedWith: host.goesWith };
    const reached = { host: host.name, ssh: sshWhenReady(host), incarnation: host.incarnation };

    const made = accounts.map(
      (account) => new Account(`${name}-${account.name}`, { account: account.name }, { parent: this }),
    );
    const htpasswd = pulumi.all(made.map((account) => account.htpasswd)).apply((lines) => `${lines.join("\n")}\n`);
    this.passwords = Object.fromEntries(
      accounts.map((account, index) => [account.name, pulumi.secret(made[index]?.password ?? "")]),
    );
    const certificate = authority.issue(`${name}-certificate`, host, certificateDays, { parent: this });
    const [tlsKey, tlsCertificate] = [certificate.privateKey, certificate.certificate];

    const probed = { registry: name, front: gate, certificate: gatePaths.certificate, debug, address };
    const parts = { ...probed, authority: authorityPath(address) };
    const trusted = trust(name, address, authority, [host, ...trustedBy.filter((other) => other !== host)], this);
    new HostFiles(
      `${name}-files`,
      {
        ...reached,
        files: pulumi.secret(
          pulumi.output(this.passwords).apply((passwords) => ({
            [`/usr/local/bin/${name}-collect`]: hostCommand("collect", parts),
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

    const service = { ...placeOf(plan, host), command: [], deadlineSec };
    const registry = new HostService(
      name,
      {
        ...service,
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
      },
      onHost,
    );
    new HostService(
      gate,
      {
        ...service,
        name: gate,
        image: serviceImage("nginx").names[0],
        memoryMib: 64,
        files: pulumi.secret({
          [gatePaths.config]: gateConfig({ port, registry: behind, debug, pullOnly: pullOnly(accounts) }),
          [gatePaths.certificate]: tlsCertificate,
          [gatePaths.key]: tlsKey,
        }),
        volumes: {},
        probe: registryProbe(parts),
      },
      { ...onHost, dependsOn: [registry, ...trusted] },
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

const pullOnly = (accounts: readonly RegistryAccount[]) =>
  accounts.filter(({ rights }) => rights === "pull").map((account) => account.name);

const digest = (text: string) => createHash("sha256").update(text).digest("hex");

function checkAccounts(name: string, accounts: readonly RegistryAccount[]): void {
  const names = accounts.map((account) => account.name);
  for (const account of names) checkName(`PrivateRegistry ${name}, accounts`, account);
  const twice = names.find((account, index) => names.indexOf(account) !== index);
  if (twice !== undefined) throw new Error(`PrivateRegistry ${name}: the account ${twice} stands in accounts twice`);
  if (!accounts.some(({ rights }) => rights === "push"))
    throw new Error(`PrivateRegistry ${name}: accounts has none with the rights "push", so it would stay empty`);
}
