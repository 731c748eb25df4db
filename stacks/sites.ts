import { outerEngine } from "../engine/outer.ts";
import { outerEngineUrl } from "../engine/outerUrl.ts";
import { knownEngines } from "./engines.ts";
import { engineSite } from "./engineSite.ts";
import { MachineError } from "./machineError.ts";
import type { Plan } from "./plan.ts";
import { project } from "./project.ts";
import { engineOf } from "./sameEngine.ts";
import { settings } from "./settings.ts";
import type { Site } from "./site.ts";
import { settingsText } from "./stack.ts";
import { readStackFile } from "./stackFile.ts";
import { tracedStacks } from "./stackFiles.ts";
import { readState, type State } from "./stateFile.ts";

/** Where a plan's objects are to be. */
export async function siteOf({ ec2, engine }: Pick<Plan, "ec2" | "engine">): Promise<Site> {
  return ec2 === undefined ? engineSite(engine ?? outerEngineUrl()) : regionSite(ec2.region);
}

/**
 * Where a stack may have something: where its settings want it, and where Pulumi made it. It is this machine's engine
 * where neither can be read.
 * @throws MachineError when it is on a local engine other than the current one.
 */
export async function sitesOf(stack: string, state: State | undefined): Promise<Site[]> {
  const wanted = await targetOf(stack);
  const regions = [...new Set([state?.region, wanted?.region])].filter((region) => region !== undefined);
  const local =
    regions.length === 0 || state?.engineUrl !== undefined || (wanted !== undefined && wanted.target !== "ec2");
  return [
    ...(local ? [engineSite(await engineOf(stack, state))] : []),
    ...(await Promise.all(regions.map(regionSite))),
  ];
}

/** Where any stack of this home may have something. A machine whose stacks are all elsewhere needs no engine. */
export async function allSites(): Promise<Site[]> {
  const found = await Promise.all(
    (await tracedStacks()).map(async (stack) => [(await stateOf(stack))?.region, (await targetOf(stack))?.region]),
  );
  const regions = [...new Set(found.flat())].filter((region) => region !== undefined);
  const [local = "", ...remote] = await knownEngines();
  const elsewhere = [...remote.map(engineSite), ...(await Promise.all(regions.map(regionSite)))];
  const answers = await outerEngine(local).then(
    () => true,
    (error: unknown) => {
      if (error instanceof MachineError && elsewhere.length > 0) return false;
      throw error;
    },
  );
  return [...(answers ? [engineSite(local)] : []), ...elsewhere];
}

/** Does a command's work on several sites. */
export const workOn = <T>(sites: readonly Site[], command: string, work: () => Promise<T>): Promise<T> =>
  sites.reduce<() => Promise<T>>((inner, site) => () => site.work(command, inner), work)();

/** A region's, with what talks to AWS: loaded only when a stack is there. */
const regionSite = async (region: string): Promise<Site> => (await import("./ec2/site.ts")).ec2Site(region);

/** What Pulumi knows of a stack; undefined where that cannot be read. */
const stateOf = (stack: string): Promise<State | undefined> => readState(project, stack).catch(() => undefined);

/** The target in a stack's settings, with its region; undefined where there are none, or none that can be read. */
async function targetOf(stack: string): Promise<{ target: string; region?: string } | undefined> {
  const raw = await settingsText(stack)
    .then((text) => (text === undefined ? undefined : readStackFile(text, stack).raw))
    .catch(() => undefined);
  if (raw === undefined) return undefined;
  const { data: target = "container" } = settings.shape.target.safeParse(raw["drydock:target"]);
  const { data: ec2 } = settings.shape.ec2.safeParse(raw["drydock:ec2"]);
  return target === "ec2" && ec2 ? { target, region: ec2.region } : { target };
}
