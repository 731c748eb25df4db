import { loadLab } from "../labs/index.ts";
import type { PlannedMachine } from "../stacks/ssh/plan.ts";
import { VisibleError } from "../stacks/visibleError.ts";
import type { Cohort } from "./cohort.ts";
import type { Place, Seat } from "./seats.ts";

/**
 * Deals a cohort's machines out, as many to each stack as its lab has hosts. A stack keeps those that it has as long as they
 * are listed; a new one takes the first that no stack has, and those of stacks that are to go last of all.
 * @param kept Places of stacks that the cohort has, by the stacks' names.
 * @throws VisibleError when there are too few.
 */
export function dealMachines(
  { name, config: { machines = [] } }: Pick<Cohort, "name" | "config">,
  seats: readonly Seat[],
  kept: ReadonlyMap<string, Place>,
): Seat[] {
  const wanted = seats.map((seat) => ({ seat, count: loadLab(seat.lab).lab.hosts.length }));
  refuseTooFew(name, machines.length, wanted);
  const listed = new Map(machines.map((machine) => [placeOf(machine), machine]));
  const own = new Map(
    wanted.map(({ seat, count }) => {
      const had = kept.get(seat.stack)?.machines ?? [];
      return [seat.stack, had.flatMap((machine) => listed.get(placeOf(machine)) ?? []).slice(0, count)];
    }),
  );
  const taken = new Set([...own.values()].flat());
  const held = new Set([...kept.values()].flatMap(({ machines = [] }) => machines.map(placeOf)));
  const isHeld = (machine: PlannedMachine) => Number(held.has(placeOf(machine)));
  const free = machines.filter((machine) => !taken.has(machine)).toSorted((one, other) => isHeld(one) - isHeld(other));
  return wanted.map(({ seat, count }) => {
    const has = own.get(seat.stack) ?? [];
    return { ...seat, machines: [...has, ...free.splice(0, count - has.length)] };
  });
}

/** Where a machine is reached; who logs in may change. */
const placeOf = ({ login: { host, port } }: PlannedMachine): string => `${host}:${port}`;

function refuseTooFew(cohort: string, there: number, wanted: readonly { seat: Seat; count: number }[]): void {
  const needed = wanted.reduce((sum, { count }) => sum + count, 0);
  if (there >= needed) return;
  const byLab = [...Map.groupBy(wanted, ({ seat }) => seat.lab)];
  throw new VisibleError(
    `drydock:machines: received ${there}; cohort ${cohort} needs ${needed}, and nothing was made.`,
    {
      details: byLab.map(([lab, own]) => `${lab}: ${own.length} stacks with ${own[0]?.count} hosts each`),
      fix: `List as many in Pulumi.${cohort}.yaml, or have fewer learners or labs at a time.`,
    },
  );
}
