import { freemem } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import pMap from "p-map";
import { openCohort, seatsOf } from "../../cohort/cohort.ts";
import {} from "../../cohort/lifecycle.ts";
import { atOnce } from "../../cohort/pulumiOptions.ts";
import { outerEngineUrl } from "../../engine/outerUrl.ts";
import { ensureLabImages, type LabImages } from "../../images/labImages.ts";
import { loadLab } from "../../labs/index.ts";
import { checkout } from "../../stacks/home.ts";
import { reported, type Reporter } from "../../stacks/reporter.ts";
import { makeOwnSettings } from "../../stacks/stack.ts";
import { alone } from "../alone.ts";
import { machineOf, type Machine } from "../machine.ts";
import { stackName } from "../stackName.ts";
import { topologyAt } from "../topologies.ts";
import type { Topology } from "../topology.ts";
import { bound, startHosts } from "../variants/bound.ts";
import { runProcess } from "../variants/runProcess.ts";
import { timed } from "../timed.ts";

/** The lab that every learner has: three hosts, on which nothing has been done yet. */
const slug = "swarm-basics";

export interface CohortBenchOptions {
  /** Numbers of learners. */
  sizes: readonly number[];
  reporter: Reporter;
  /** Ends the measurement early; what it made is removed all the same. */
  signal: AbortSignal;
}

/** What was measured with one number of learners: milliseconds, and MiB of the machine's memory that went meanwhile. */
export interface CohortSize {
  learners: number;
  hosts: number;
  bound: { up: number; down: number; memoryMib: number };
  ours: Record<"up" | "again" | "status" | "check" | "down", number> & {
    /** With all hosts at rest. */
    memoryMib: number;
    /** At most, while they came up. */
    peakMib: number;
  };
}

export interface CohortBench {
  /** ISO date-time. */
  date: string;
  machine: Machine;
  rounds: 1;
  /** Stacks that are worked on at once, the bound's as Drydock's. */
  atOnce: number;
  sizes: CohortSize[];
}

/** Measures whole classes on this machine, each beside the raw API doing the same work, and leaves nothing. */
export const benchCohorts = (options: CohortBenchOptions): Promise<CohortBench> =>
  alone(options.reporter, async (engine) => {
    const { lab } = loadLab(slug);
    const images = await ensureLabImages(engine, { images: lab.images, source: "auto" });
    const machine = await machineOf(engine, undefined);
    const sizes: CohortSize[] = [];
    for (const learners of options.sizes) sizes.push(await measure(engine, learners, images, options));
    return { date: new Date().toISOString(), machine, rounds: 1, atOnce, sizes };
  });

async function measure(
  engine: Docker,
  learners: number,
  images: LabImages,
  { reporter, signal }: CohortBenchOptions,
): Promise<CohortSize> {
  const stack = stackName("ours", "cohort");
  await makeOwnSettings(stack, { learners: Array.from({ length: learners }, (_, n) => `l${n + 1}`), labs: [slug] });
  const topologies = await boundTopologies(stack, images);
  const program = join(checkout, "setup", "bootstrap.mjs");
  // Nothing has been done on the hosts, so `check` finds checks that fail.
  const action = (name: string) =>
    timed(() =>
      runProcess(process.execPath, [program, "cohort", name, "--stack", stack], { env: {}, signal, codes: [0, 1] }),
    );
  const boundTimes = await reported(reporter, `raw engine API, ${learners} learners`, () =>
    boundOf(engine, topologies, signal),
  );
  const ours = await reported(reporter, `Drydock, ${learners} learners`, async ({ progress }) => {
    progress("up");
    const memory = watchMemory();
    const up = await action("up");
    const { peakMib, nowMib: memoryMib } = memory.end();
    progress("up again, status, check");
    const [again, status] = [await action("up"), await action("status")];
    const check = await action("check");
    progress("down");
    return { up, again, status, check, down: await action("down"), memoryMib, peakMib };
  });
  return { learners, hosts: topologies.reduce((sum, { plan }) => sum + plan.hosts.length, 0), bound: boundTimes, ours };
}

/** The same hosts at the same places, under names of their own: one is there at a time. */
async function boundTopologies(stack: string, images: LabImages): Promise<Topology[]> {
  const { lab } = loadLab(slug);
  const seats = await seatsOf(await openCohort(stack));
  return Promise.all(
    seats.map((seat) =>
      topologyAt(seat, {
        lab,
        stack: `${stackName("bound", "cohort")}-${seat.learner.id}`,
        images,
        engineUrl: outerEngineUrl(),
      }),
    ),
  );
}

/** A host is ready when its engine answers over SSH, as it is for Drydock. */
async function boundOf(
  engine: Docker,
  topologies: readonly Topology[],
  signal: AbortSignal,
): Promise<CohortSize["bound"]> {
  const each = (work: (topology: Topology) => Promise<unknown>) =>
    timed(() => pMap(topologies, work, { concurrency: atOnce, signal }));
  const memory = watchMemory();
  const up = await each(async (topology) => {
    const sessions = await Promise.all(await startHosts(engine, topology));
    for (const session of sessions) session.close();
  });
  const { nowMib: memoryMib } = memory.end();
  return { up, memoryMib, down: await each((topology) => bound({ engine, topology }).down()) };
}

/** Memory in MiB that has gone since now, and at most meanwhile: looked at each second. */
function watchMemory(): { end: () => { nowMib: number; peakMib: number } } {
  const before = freemem();
  let least = before;
  const timer = setInterval(() => (least = Math.min(least, freemem())), 1_000);
  const mib = (free: number) => Math.max(0, before - free) / 2 ** 20;
  return {
    end() {
      clearInterval(timer);
      return { nowMib: mib(freemem()), peakMib: mib(Math.min(least, freemem())) };
    },
  };
}
