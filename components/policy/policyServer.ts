import * as pulumi from "@pulumi/pulumi";
import { serviceImage } from "../../images/catalogue.ts";
import type { ComponentOutput } from "../../stacks/outputs.ts";
import type { Plan } from "../../stacks/plan.ts";
import type { LabHost } from "../hosts/labHost.ts";
import { placeOf } from "../hosts/placeOf.ts";
import { sshWhenReady } from "../hosts/sshWhenReady.ts";
import { HostFiles, HostService } from "../resources.ts";
import { mustRun } from "../runningContainers.ts";
import type { StackAuthority } from "../stackAuthority.ts";
import {
  engineFile,
  engineRego,
  gateConfig,
  gatePaths,
  gatePort,
  opaAddress,
  opaArguments,
  opaConfig,
  opaConfigPath,
  pluginSpec,
  policiesFolder,
} from "./policyConfig.ts";

export interface PolicyServerArgs {
  plan: Plan;
  host: LabHost;
  /** Signs its certificate. */
  authority: StackAuthority;
  /** Hosts whose engines may ask it; at least one, and never its own: a dead server could not be started again. */
  engines: readonly LabHost[];
  /** How long its certificate is good for; 365 by default. `up` renews it in its last tenth. */
  certificateDays?: number;
}

const deadlineSec = 60;

/**
 * Open Policy Agent, which engines may ask before they do something: Docker's authorization plugin `<name>`. They do not ask
 * before daemon.json says so (`"authorization-plugins": ["<name>"]`), and from then on do nothing without it.
 *
 * On its host are the containers `<name>`, whose log has every question and answer as JSON, and `<name>-gate`, and the folder
 * /root/<name> with the policies in Rego. All is allowed until `deny` of the package `rules` there gives a reason.
 */
export class PolicyServer extends pulumi.ComponentResource {
  readonly output: pulumi.Output<ComponentOutput>;

  constructor(name: string, args: PolicyServerArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, host, authority, engines, certificateDays = 365 } = args;
    checkEngines(name, host, engines);
    super("drydock:index:PolicyServer", name, {}, opts);

    const gate = `${name}-gate`;
    const onHost = { parent: this, deletedWith: host.goesWith };
    const service = { ...placeOf(plan, host), deadlineSec };
    const opa = new HostService(
      name,
      {
        ...service,
        name,
        image: serviceImage("opa").names[0],
        command: opaArguments,
        memoryMib: 128,
        files: { [opaConfigPath]: opaConfig },
        settings: { [engineFile]: engineRego },
        // The policies are root's, of mode 600.
        user: "0:0",
        volumes: { [`/root/${name}`]: policiesFolder },
        probe: `curl -fsS --max-time 2 -o /dev/null http://${opaAddress}/health 2>&1`,
      },
      onHost,
    );
    const { certificate, privateKey } = authority.issue(`${name}-certificate`, host, certificateDays, { parent: this });
    const asking = engines.map((engine) => ({ name: engine.name, address: engine.address }));
    new HostService(
      gate,
      {
        ...service,
        name: gate,
        image: serviceImage("nginx").names[0],
        command: [],
        memoryMib: 64,
        files: pulumi.secret({
          [gatePaths.config]: gateConfig(host.address, asking),
          [gatePaths.certificate]: certificate,
          [gatePaths.key]: privateKey,
        }),
        volumes: {},
        probe: works(name, host),
      },
      { ...onHost, dependsOn: [opa] },
    );
    for (const engine of engines) {
      const authorityFile = `/etc/docker/${name}-ca.crt`;
      new HostFiles(
        `${name}-plugin-${engine.name}`,
        {
          host: engine.name,
          ssh: sshWhenReady(engine),
          incarnation: engine.incarnation,
          files: authority.certificate.apply((content) => ({
            [authorityFile]: { content, mode: 0o644 },
            [`/etc/docker/plugins/${name}.json`]: { content: pluginSpec(name, host.name, authorityFile), mode: 0o644 },
          })),
        },
        { parent: this, deletedWith: engine.goesWith },
      );
    }

    this.output = pulumi.output({
      name,
      kind: "policy server",
      host: host.name,
      address: `https://${host.name}:${gatePort}`,
      page: `http://${opaAddress}/v1/policies?pretty`,
      probe: works(name, host),
    });
    this.registerOutputs();
  }
}

/** Succeeds when both of its parts work, and else says which does not. Its own host is none of the engines that may ask. */
const works = (name: string, { address }: LabHost) =>
  `
${mustRun([name, `${name}-gate`])}
found=$(curl -fsS --max-time 2 -o /dev/null http://${opaAddress}/health 2>&1) || say "OPA: $found"
answer=$(curl -sk --max-time 5 -o /dev/null -w '%{http_code}' https://${address}:${gatePort}/Plugin.Activate) ||
  say "it does not answer at https://${address}:${gatePort}"
[ "$answer" = 403 ] || say "it answers its own host with $answer"
`.trim();

function checkEngines(name: string, host: LabHost, engines: readonly LabHost[]): void {
  if (engines.length === 0) throw new Error(`PolicyServer ${name}: engines is empty; at least one is needed`);
  if (engines.some((engine) => engine.name === host.name))
    throw new Error(
      `PolicyServer ${name}: engines has ${host.name}, its own host, whose engine could not start it again; ` +
        "allowed are the other hosts",
    );
}
