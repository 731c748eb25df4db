import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { ContainerHost } from "../components/hosts/containerHost.ts";
import { LabFiles } from "../components/labFiles.ts";
import { LabNetwork } from "../components/labNetwork.ts";
import { LabRegistry } from "../components/labRegistry.ts";
import { AccessFiles, LabImages, SshKey } from "../components/resources.ts";
import { outerEngineUrl } from "../engine/outerUrl.ts";
import { imagesHash } from "../images/labImages.ts";
import { filesOfLab } from "../labs/files.ts";
import { labs, loadLab } from "../labs/index.ts";
import type { CohortOutputs } from "../cohort/program.ts";
import { isCohort, parseConfig } from "./config.ts";
import { homeLabel, stackFolder } from "./home.ts";
import type { StackOutputs } from "./outputs.ts";
import { planStack } from "./plan.ts";

/** Outputs before they are known, field by field. */
type ProgramOutputs = { [K in keyof StackOutputs]: pulumi.Input<StackOutputs[K]> };

/** What the program exports: a learner's stack, or a cohort of them. */
type Exports = Partial<ProgramOutputs & CohortOutputs>;

/** Declares a stack: its configuration read, planned, and made of components, or of its learners' stacks. */
export async function program(): Promise<Exports> {
  const project = pulumi.getProject();
  const stack = pulumi.getStack();
  const raw = pulumi.runtime.allConfig();
  if (isCohort(raw)) {
    const { cohortProgram } = await import("../cohort/program.ts");
    return cohortProgram(stack, raw);
  }
  const config = parseConfig(raw, { stack, labs: Object.keys(labs) });
  const { lab } = loadLab(config.lab);
  const plan = planStack({ project, stack, config, lab, home: homeLabel() });

  const root = new LabStack(plan.lab);
  const child = { parent: root };
  const engineUrl = outerEngineUrl();
  const engine = new docker.Provider("engine", { host: engineUrl }, child);

  const images = new LabImages(
    "images",
    { engineUrl, images: plan.images, source: plan.imageSource, contentHash: imagesHash(plan.images) },
    child,
  );
  const network = new LabNetwork("network", { plan, engineUrl }, child);
  const mirror = new LabRegistry("registry", { plan, engine, network, images }, child);
  const access = new SshKey("access", { comment: plan.prefix }, child);
  const made = plan.hosts.map(
    (host) =>
      new ContainerHost(host.name, { plan, host, engineUrl, network, images, mirror: mirror.address, access }, child),
  );
  const files = filesOfLab(lab.slug);
  if (Object.keys(files).length > 0) {
    for (const host of made) new LabFiles(`${host.name}-files`, { host, files }, child);
  }
  new AccessFiles(
    "access-files",
    {
      stack,
      folder: stackFolder(stack),
      privateKey: access.privateKey,
      hosts: pulumi.all(made.map((host) => host.alias)),
    },
    child,
  );
  const hosts = Object.fromEntries(made.map((host) => [host.name, host]));
  const build = await lab.build?.();
  const { swarm, networks = [], components = [] } = build?.({ plan, hosts, parent: root }) ?? {};

  return {
    project,
    stack,
    lab: plan.lab,
    learner: plan.learner,
    expiry: plan.expiry,
    prefix: plan.prefix,
    network: network.output,
    hosts: pulumi.all(made.map((host) => host.output)),
    registry: pulumi.output({ address: mirror.address, source: images.origin }),
    overlayPool: plan.swarm.overlayBase,
    swarm,
    networks: pulumi.all(networks),
    components: pulumi.all(components),
  };
}

/** The root of all that a stack makes. */
class LabStack extends pulumi.ComponentResource {
  constructor(name: string) {
    super("drydock:index:Lab", name);
    this.registerOutputs();
  }
}
