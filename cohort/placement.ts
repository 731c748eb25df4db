import { MachineError } from "../stacks/machineError.ts";

/** What an engine that learners may be placed on has left. */
export interface Room {
  url: string;
  memoryMib: number;
  diskMib: number;
  cpus: number;
}

/** An engine that could not be asked. */
export interface Silence {
  url: string;
  problem: string;
}

/** What a learner's stacks take beyond what runs of them, on whichever engine. */
export interface Need {
  learner: string;
  memoryMib: number;
  diskMib: number;
  /** Where the learner is already: a URL, or undefined for the local engine. Absent for who is nowhere yet. */
  kept?: { engine: string | undefined };
}

/**
 * Places learners on engines, each whole on one of them. Who is somewhere stays there; who comes goes where most memory is
 * left by then, and among equals where most cores are, then where the list says first.
 * @returns the engine's URL by learner, undefined for the local one.
 * @throws MachineError when an engine has no room for a learner, naming each engine with what it has.
 */
export function placeLearners(
  needs: readonly Need[],
  rooms: readonly Room[],
  silent: readonly Silence[] = [],
): Map<string, string | undefined> {
  const left = rooms.map((room) => ({ ...room }));
  const take = (url: string | undefined, { memoryMib, diskMib }: Need) => {
    const room = left.find((candidate) => candidate.url === url);
    if (!room) return;
    room.memoryMib -= memoryMib;
    room.diskMib -= diskMib;
  };
  const placed = new Map<string, string | undefined>();
  for (const need of needs) {
    if (!need.kept) continue;
    const { engine } = need.kept;
    const own = left.filter(({ url }) => url === engine);
    if (own.length > 0 && !own.some((room) => fits(need, room))) throw noRoom(need, own, []);
    take(engine, need);
    placed.set(need.learner, engine);
  }
  for (const need of needs) {
    if (need.kept) continue;
    const [best] = left
      .filter((room) => fits(need, room))
      .toSorted((one, other) => steps(other) - steps(one) || other.cpus - one.cpus);
    if (!best) throw noRoom(need, left, silent);
    take(best.url, need);
    placed.set(need.learner, best.url);
  }
  return placed;
}

/** Engines whose memory differs by less are alike: what is free moves by some MiB from one look to the next. */
const memoryStepMib = 256;

const steps = ({ memoryMib }: Room): number => Math.floor(memoryMib / memoryStepMib);

/** What takes nothing more always fits. */
const fits = (need: Need, room: Room): boolean =>
  (need.memoryMib === 0 || need.memoryMib <= room.memoryMib) && (need.diskMib === 0 || need.diskMib <= room.diskMib);

function noRoom({ learner, memoryMib, diskMib, kept }: Need, rooms: readonly Room[], silent: readonly Silence[]) {
  const lack = kept ? "The engine has no room" : "No engine has room";
  return new MachineError(`${lack} for the stacks of ${learner}; nothing was made.`, {
    details: [
      `needed: about ${memoryMib} MiB of memory and ${diskMib} MiB of disk`,
      ...rooms.map(
        (room) =>
          `${room.url}: ${room.memoryMib} MiB of memory and ${room.diskMib} MiB of disk left, ${room.cpus} cores`,
      ),
      ...silent.map(({ url, problem }) => `${url}: could not be asked: ${problem}`),
    ],
    fix: kept
      ? "Take stacks away that you do not need, or move the learner: ./drydock cohort move."
      : "Name another engine in drydock:engines, take stacks away that you do not need, or have fewer learners or labs at a time.",
  });
}
