import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { labs } from "../labs/index.ts";
import { isCohort, parseCohortConfig, type CohortConfig } from "../stacks/config.ts";
import { checkout } from "../stacks/home.ts";
import { label } from "../stacks/labels.ts";
import { MachineError } from "../stacks/machineError.ts";
import { occupiedBlocks, occupiedPorts, type OccupiedBlock } from "../stacks/occupied.ts";
import { settings, type Learner } from "../stacks/settings.ts";
import { machineSetting } from "../stacks/ssh/settings.ts";
import { ownSettingsFile, settingsText } from "../stacks/stack.ts";
import { readStackFile } from "../stacks/stackFile.ts";
import { tracedStacks } from "../stacks/stackFiles.ts";
import { VisibleError } from "../stacks/visibleError.ts";
import { readIfThere } from "../access/privateFile.ts";
import { lookAtEngines, placeSeats, type EngineLook } from "./engines.ts";
import { dealMachines } from "./machines.ts";
import { csvText } from "./csv.ts";
import { readRoster, refuseDuplicates } from "./roster.ts";
import { planSeats, seatName, type Place, type Seat } from "./seats.ts";

/** A class: who learns what. */
export interface Cohort {
  name: string;
  config: CohortConfig;
  learners: readonly Learner[];
}

/**
 * Opens a cohort by its name: reads and checks its settings, and who learns.
 * @param now What an expiry is held against; `new Date(0)` for what only looks or removes.
 * @throws ConfigError, or VisibleError when there are no settings, or the learners cannot be read.
 */
export async function openCohort(name: string, now = new Date()): Promise<Cohort> {
  const text = await settingsText(name);
  const file = `Pulumi.${name}.yaml`;
  if (text === undefined) {
    throw new VisibleError(`There is no cohort ${name}: no file ${file}.`, {
      fix: `Write it with three lines, "config:", "  drydock:learners: [ada, grace]" and "  drydock:labs: [SLUG]"; see docs/cohorts.md.`,
    });
  }
  const { raw, lineOf } = readStackFile(text, file);
  if ("drydock:lab" in raw && !isCohort(raw)) {
    const { "drydock:cohort": whose } = raw as { "drydock:cohort"?: string };
    throw new VisibleError(
      whose === undefined
        ? `Stack ${name} is no cohort: it has a lab.`
        : `Stack ${name} is a learner's of cohort ${whose}.`,
      {
        fix: `\`./drydock status --stack ${name}\` shows it${whose === undefined ? "" : `, and \`./drydock cohort status --stack ${whose}\` all of them`}.`,
      },
    );
  }
  const config = parseCohortConfig(raw, { stack: name, labs: Object.keys(labs), now, lineOf });
  return { name, config, learners: await learnersOf(config, file) };
}

/** A cohort as Pulumi hands its settings over. */
export async function cohortOf(name: string, raw: Record<string, unknown>): Promise<Cohort> {
  const config = parseCohortConfig(raw, { stack: name, labs: Object.keys(labs) });
  return { name, config, learners: await learnersOf(config, `Pulumi.${name}.yaml`) };
}

/** The settings of a learner's stack. */
export function seatSettings(
  { name, config }: Cohort,
  { learner, lab, addresses, ports, engine, machines }: Seat,
): Record<string, unknown> {
  const { hosts, images, expiry, target, ec2, identity, installEngine } = config;
  const { id, sshKey } = learner;
  const given = Object.entries({ expiry, sshKey, ec2, engine }).filter(([, value]) => value !== undefined);
  return {
    ...{ lab, learner: id, cohort: name, addresses, ports, hosts, images, target },
    ...(machines && { machines: machines.map(machineSetting), identity, installEngine }),
    ...Object.fromEntries(given),
  };
}

/** Who learns, by the settings; a CSV file is looked for beside Pulumi.yaml. */
async function learnersOf({ learners }: CohortConfig, file: string): Promise<readonly Learner[]> {
  if (typeof learners !== "string") {
    refuseDuplicates(learners, `drydock:learners in ${file}`);
    return learners;
  }
  const path = resolve(checkout, learners);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new VisibleError(`The learners' file ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}.`, {
      details: [`drydock:learners in ${file}: received ${learners}`],
      fix: "Name a CSV file that is there, its path from the folder of Pulumi.yaml, or list the learners.",
    });
  });
  const found = readRoster(csvText(bytes, learners), learners);
  refuseDuplicates(found, learners);
  return found;
}

/** The learners' stacks with their places, and what was seen of them meanwhile. */
export interface Seating {
  seats: Seat[];
  /** Names of the cohort's containers that run, on whichever engine; those on one that cannot be asked are not known. */
  running: ReadonlySet<string>;
  /** Places of the stacks that the cohort has, by their names. */
  kept: ReadonlyMap<string, Place>;
  /** What was seen of its engines. */
  looks: readonly EngineLook[];
  /** Why places may clash with what is there already: it could not be looked at. */
  unseen?: string;
}

/** The learners' stacks, as `seatingOf` places them. */
export const seatsOf = async (cohort: Cohort, options?: { place?: boolean }): Promise<Seat[]> =>
  (await seatingOf(cohort, options)).seats;

/**
 * The learners' stacks, each with its place: what it has, or what nothing else has on any engine of the cohort.
 * @param place Whether who comes is placed on an engine or given machines, too; what only looks at what stands passes false.
 */
export async function seatingOf(cohort: Cohort, { place = true } = {}): Promise<Seating> {
  const { name, config, learners } = cohort;
  await refuseTaken(name, learners, config.labs);
  const kept = await keptPlaces(name);
  const looks = await lookAtEngines(cohort, kept);
  const isOthers = ({ labels }: { labels: Record<string, string> }) => labels[label.cohort] !== name;
  const worlds = looks.flatMap(({ world }) => world ?? []);
  const vpcs = place ? await vpcsOf(cohort) : { blocks: [] };
  const seats = planSeats({
    cohort: name,
    learners,
    labs: config.labs,
    kept,
    occupied: {
      blocks: [...worlds.flatMap((world) => occupiedBlocks(world, isOthers)), ...vpcs.blocks],
      ports: worlds.flatMap((world) => occupiedPorts(world, isOthers)),
    },
  });
  const running = new Set(looks.flatMap((look) => [...(look.running ?? [])]));
  if (config.target === "ssh")
    return { running, kept, looks, seats: place ? dealMachines(cohort, seats, kept) : seats };
  const isPlaced = config.engines !== undefined && place;
  const { unseen } = vpcs;
  return {
    running,
    kept,
    looks,
    seats: isPlaced ? placeSeats(cohort, seats, { kept, looks, running }) : seats,
    ...(unseen === undefined ? {} : { unseen }),
  };
}

/** What VPCs have that are not the cohort's, for one on EC2. Whom AWS lets not look plans all the same. */
async function vpcsOf({ name, config }: Cohort): Promise<{ blocks: OccupiedBlock[]; unseen?: string }> {
  if (config.target !== "ec2" || config.ec2 === undefined) return { blocks: [] };
  const { vpcBlocks } = await import("../stacks/ec2/vpcs.ts");
  try {
    return { blocks: await vpcBlocks(config.ec2.region, (labels) => labels[label.cohort] === name) };
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    return { blocks: [], unseen: `the VPCs that exist (${error.details[0] ?? error.summary})` };
  }
}

/**
 * A learner's stack is known by its name alone: "a" with learner "b-c" and "a-b" with learner "c" would share it.
 * @throws VisibleError that names both sides.
 */
async function refuseTaken(cohort: string, learners: readonly Learner[], slugs: readonly string[]): Promise<void> {
  const names = learners.flatMap(({ id }) => slugs.map((slug) => seatName(cohort, id, slug)));
  const holders = await Promise.all(names.map(async (stack) => ({ stack, holder: await holderOf(stack) })));
  const taken = holders.filter(({ holder }) => holder !== undefined && holder !== `cohort ${cohort}`);
  if (taken.length === 0) return;
  throw new VisibleError(`Cohort ${cohort} would have stacks that are another's:`, {
    details: taken.map(({ stack, holder = "" }) => `${stack}: it is ${holder}'s`),
    fix: "Give the cohort or the learner another name, or take the other's down first.",
  });
}

/** Whose a stack is by its settings: a cohort's, or who wrote a file of that name; undefined when there are none. */
async function holderOf(stack: string): Promise<string | undefined> {
  const text = await settingsText(stack);
  if (text === undefined) return undefined;
  const { "drydock:cohort": cohort } = readStackFile(text, `Pulumi.${stack}.yaml`).raw;
  return typeof cohort === "string" ? `cohort ${cohort}` : `the file Pulumi.${stack}.yaml`;
}

/** The stacks of a cohort that have settings in the home, with their places. */
export async function keptPlaces(cohort: string): Promise<Map<string, Place>> {
  const stacks = await tracedStacks();
  const found = await Promise.all(
    stacks.map(async (stack) => {
      const text = await readIfThere(ownSettingsFile(stack));
      if (text === undefined) return [];
      const { raw } = readStackFile(text, ownSettingsFile(stack));
      const [addresses, ports, engine] = ["addresses", "ports", "engine"].map((key) => raw[`drydock:${key}`]);
      if (raw["drydock:cohort"] !== cohort || typeof addresses !== "string" || typeof ports !== "number") return [];
      const { data: machines } = settings.shape.machines.safeParse(raw["drydock:machines"]);
      const place = { addresses, ports, ...(typeof engine === "string" && { engine }), ...(machines && { machines }) };
      return [[stack, place] as const];
    }),
  );
  return new Map(found.flat());
}
