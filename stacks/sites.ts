import type { Reach } from "../provider/machine/session.ts";
import { outerEngine } from "../engine/outer.ts";
import { outerEngineUrl } from "../engine/outerUrl.ts";
import { knownEngines } from "./engines.ts";
import { engineSite } from "./engineSite.ts";
import { MachineError } from "./machineError.ts";
import type { Plan } from "./plan.ts";
import { project } from "./project.ts";
import { engineOf } from "./sameEngine.ts";
import { settings } from "./settings.ts";
import type { Whose } from "./inventory.ts";
import type { Site, SiteObject } from "./site.ts";
import { settingsText } from "./stack.ts";
import { readStackFile } from "./stackFile.ts";
import { tracedStacks } from "./stackFiles.ts";
import { nameOfLogin } from "./ssh/plan.ts";
import { isOnEngine } from "./target.ts";
import { readState, type State } from "./stateFile.ts";

/** Where a plan's objects are to be. */
export async function siteOf({ ec2, ssh, engine }: Pick<Plan, "ec2" | "ssh" | "engine">): Promise<Site> {
  if (ssh !== undefined) return machinesSite(ssh.machines.map(({ login }) => ({ login, identity: ssh.identity })));
  return ec2 === undefined ? engineSite(engine ?? outerEngineUrl()) : regionSite(ec2.region);
}

/**
 * Where a stack may have something: where its settings want it, and where Pulumi made it. It is this machine's engine
 * where neither can be read.
 * @throws MachineError when it is on a local engine other than the current one.
 */
export async function sitesOf(stack: string, state: State | undefined): Promise<Site[]> {
  const wanted = await placesWanted(stack);
  const away = await sitesAway(mayHave(state, wanted));
  const local = state?.engineUrl !== undefined || (wanted?.local ?? away.length === 0);
  return [...(local ? [engineSite(await engineOf(stack, state))] : []), ...away];
}

/** Those of a stack's sites that are no engine. */
export const sitesElsewhere = async (stack: string, state: State | undefined): Promise<Site[]> =>
  sitesAway(mayHave(state, await placesWanted(stack)));

/** Where any stack of this home may have something. A machine whose stacks are all elsewhere needs no engine. */
export async function allSites(): Promise<Site[]> {
  const found = await Promise.all(
    (await tracedStacks()).map((stack) => Promise.all([stateOf(stack), placesWanted(stack)])),
  );
  const away = await sitesAway(found.flatMap(([state, wanted]) => mayHave(state, wanted)));
  const [local = "", ...remote] = await knownEngines();
  const elsewhere = [...remote.map(engineSite), ...away];
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

const machinesSite = async (machines: Reach[]): Promise<Site> => (await import("./ssh/site.ts")).sshSite(machines);

/** What Pulumi knows of a stack; undefined where that cannot be read. */
const stateOf = (stack: string): Promise<State | undefined> => readState(project, stack).catch(() => undefined);

/**
 * Where a stack may have something: where Pulumi made it and, without a state that was written to its end, wherever the
 * settings want it. An `up` that failed before it made anything so leaves nobody to be asked.
 */
function mayHave(state: State | undefined, wanted: Away | undefined): (Away | undefined)[] {
  if (state === undefined || !state.exists || state.interrupted) return [state, wanted];
  const made = new Set(state.machines.map(({ login }) => nameOfLogin(login)));
  return [state, { machines: wanted?.machines.filter(({ login }) => made.has(nameOfLogin(login))) ?? [] }];
}

/** Places that are not this machine's engine. */
interface Away {
  region?: string | undefined;
  machines: Reach[];
}

/** The sites of places, each once. */
async function sitesAway(places: readonly (Away | undefined)[]): Promise<Site[]> {
  const known = places.filter((place) => place !== undefined);
  const regions = new Set(known.flatMap(({ region }) => region ?? []));
  // The settings come last: they say how a machine is reached now.
  const machines = new Map(known.flatMap((place) => place.machines).map((reach) => [nameOfLogin(reach.login), reach]));
  return [
    ...(await Promise.all([...regions].map(regionSite))),
    ...(await Promise.all([...machines.values()].map((machine) => machinesSite([machine])))),
  ];
}

/** Where a stack's settings want it; undefined where there are none, or none that can be read. */
async function placesWanted(stack: string): Promise<(Away & { local: boolean }) | undefined> {
  const raw = await settingsText(stack)
    .then((text) => (text === undefined ? undefined : readStackFile(text, stack).raw))
    .catch(() => undefined);
  if (raw === undefined) return undefined;
  const { target, ec2, machines, identity } = settings.shape;
  const { data: wanted = "container" } = target.safeParse(raw["drydock:target"]);
  const { data: on } = ec2.safeParse(raw["drydock:ec2"]);
  const { data: listed = [] } = machines.safeParse(raw["drydock:machines"]);
  const key = identity.safeParse(raw["drydock:identity"]).data ?? "";
  return {
    local: isOnEngine(wanted),
    region: wanted === "ec2" ? on?.region : undefined,
    machines: wanted === "ssh" ? listed.map(({ login }) => ({ login, identity: key })) : [],
  };
}

/** An object, and where it is. */
export type Placed = SiteObject & { site: Site };

/** What there is on sites. One beyond this machine that does not answer is told, and keeps nobody from asking the others. */
export async function objectsOn(
  sites: readonly Site[],
  whose: Whose,
): Promise<{ objects: Placed[]; silent: { site: Site; error: unknown }[] }> {
  const looks = sites.map(async (site) => {
    try {
      return { objects: (await site.objects(whose)).map((object) => ({ ...object, site })), silent: [] };
    } catch (error) {
      if (!site.isElsewhere) throw error;
      return { objects: [], silent: [{ site, error }] };
    }
  });
  const found = await Promise.all(looks);
  return { objects: found.flatMap(({ objects }) => objects), silent: found.flatMap(({ silent }) => silent) };
}
