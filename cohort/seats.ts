import { portsPerStack, slotOf } from "../stacks/block.ts";
import { cidr } from "../stacks/cidr.ts";
import { MachineError } from "../stacks/machineError.ts";
import { freeBlock, freePorts, type OccupiedBlock, type OccupiedPort } from "../stacks/occupied.ts";
import { project } from "../stacks/project.ts";
import type { Learner } from "../stacks/settings.ts";
import type { PlannedMachine } from "../stacks/ssh/plan.ts";
import { VisibleError } from "../stacks/visibleError.ts";

/** Where a stack is on its machine. */
export interface Place {
  /** Its block of addresses, a /19. */
  addresses: string;
  /** Its first loopback port. */
  ports: number;
  /** URL of the engine on another machine that it stands on; the local engine by default. */
  engine?: string;
  /** The machines that its hosts are, in their order; for the target ssh alone. */
  machines?: PlannedMachine[];
}

/** A learner's stack for one lab. */
export interface Seat extends Place {
  learner: Learner;
  lab: string;
  stack: string;
}

export interface SeatsInput {
  cohort: string;
  learners: readonly Learner[];
  labs: readonly string[];
  /** Places of stacks that the cohort has, by the stacks' names: they keep them. */
  kept: ReadonlyMap<string, Place>;
  /** What others than the cohort have. */
  occupied: { blocks: readonly OccupiedBlock[]; ports: readonly OccupiedPort[] };
}

/** The name of a learner's stack for a lab. */
export const seatName = (cohort: string, learner: string, lab: string): string => `${cohort}-${learner}-${lab}`;

/**
 * Gives every learner a stack for every lab, with addresses and ports that no other has. Who has a place keeps it,
 * whoever comes or leaves.
 * @throws VisibleError when two stacks would have one name; MachineError when there is no room.
 */
export function planSeats({ cohort, learners, labs, kept, occupied }: SeatsInput): Seat[] {
  const wanted = learners.flatMap((learner) =>
    labs.map((lab) => ({ learner, lab, stack: seatName(cohort, learner.id, lab) })),
  );
  refuseOneName(wanted);
  const blocks = [...occupied.blocks];
  const ports = [...occupied.ports];
  const take = (stack: string, place: Place) => {
    blocks.push({ block: cidr(place.addresses), holder: `stack ${stack}` });
    for (let port = place.ports; port < place.ports + portsPerStack; port++)
      ports.push({ port, holder: `stack ${stack}` });
    return place;
  };
  for (const { stack } of wanted) {
    const place = kept.get(stack);
    if (place) take(stack, place);
  }
  return wanted.map((seat) => {
    const { stack } = seat;
    return { ...seat, ...(kept.get(stack) ?? take(stack, freePlace(stack, blocks, ports))) };
  });
}

function freePlace(stack: string, blocks: OccupiedBlock[], ports: OccupiedPort[]): Place {
  const slot = slotOf(project, stack);
  const [addresses, first] = [freeBlock(blocks, slot), freePorts(ports, slot)];
  if (addresses !== undefined && first !== undefined) return { addresses, ports: first };
  throw new MachineError(`There is no room for the stack ${stack}.`, {
    details: [`free block of addresses: ${addresses ?? "none"}`, `free ports: ${first ?? "none"}`],
    fix: "Take stacks away that you do not need: `./drydock audit --all` lists them.",
  });
}

function refuseOneName(seats: readonly Omit<Seat, keyof Place>[]): void {
  const by = Map.groupBy(seats, ({ stack }) => stack);
  const clashes = [...by].filter(([, group]) => group.length > 1);
  if (clashes.length === 0) return;
  throw new VisibleError("Two learners' stacks would have one name:", {
    details: clashes.map(
      ([stack, group]) => `${stack}: ${group.map(({ learner, lab }) => `${learner.id} in ${lab}`).join(" and ")}`,
    ),
    fix: "Give one of the learners another id.",
  });
}
