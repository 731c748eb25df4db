import * as pulumi from "@pulumi/pulumi";
import { HostAccess } from "../components/hostAccess.ts";
import { targets } from "../components/hosts/targets.ts";
import { LabFiles } from "../components/labFiles.ts";
import { AccessFiles, SshKey } from "../components/resources.ts";
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

  // Also of a plain `pulumi up`, which nothing else has looked at.
  if (plan.budget !== undefined) await (await import("./ec2/forecast.ts")).refuseOverBudget(plan);

  const root = new LabStack(plan.lab);
  const child = { parent: root };
  const access = new SshKey("access", { comment: plan.prefix }, child);
  const layOut = await targets[plan.target]();
  const { hosts: made, network, registry } = layOut({ plan, lab, access, parent: root });
  if (plan.expiry !== undefined || plan.sshKey !== undefined) {
    for (const host of made) new HostAccess(`${host.name}-access`, { plan, host }, child);
  }
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
    network,
    hosts: pulumi.all(made.map((host) => host.output)),
    registry,
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
