import fc from "fast-check";
import { beforeEach, expect, test, vi } from "vitest";
import { planText } from "../../cli/cohort/texts.ts";
import { openCohort, seatSettings, seatsOf } from "../../cohort/cohort.ts";
import { planCohort } from "../../cohort/plan.ts";
import { dealMachines } from "../../cohort/machines.ts";
import type { Place, Seat } from "../../cohort/seats.ts";
import { nameOfLogin } from "../../stacks/ssh/plan.ts";
import { makeOwnSettings } from "../../stacks/stack.ts";
import { hostKeyOf } from "../stacks/ssh/hostKey.ts";
import { temporaryFolder } from "../temporaryFolder.ts";

const name = "class";
/** Machines of a class room, by number. */
const machine = (number: number) => ({
  ssh: `teacher@192.0.2.${number}`,
  hostKey: hostKeyOf(number),
  address: `192.0.2.${number}`,
});
const room = (count: number) => Array.from({ length: count }, (_, index) => machine(index + 1));

/** A class with the lab overlay-vxlan, of two hosts. */
async function classOf(learners: readonly string[], machines: object[], more: object = {}) {
  await makeOwnSettings(name, { learners, labs: ["overlay-vxlan"], target: "ssh", machines, ...more });
  return openCohort(name);
}

/** As an `up` leaves the learners' settings. */
async function standing(cohort: Awaited<ReturnType<typeof classOf>>): Promise<Seat[]> {
  const seats = await seatsOf(cohort);
  for (const seat of seats) await makeOwnSettings(seat.stack, seatSettings(cohort, seat));
  return seats;
}

const namesOf = ({ machines = [] }: Place) => machines.map(({ login }) => login.host);
const byLearner = (seats: readonly Seat[]) => Object.fromEntries(seats.map((seat) => [seat.learner.id, namesOf(seat)]));

beforeEach(async () => {
  vi.stubEnv("DRYDOCK_HOME", await temporaryFolder());
  vi.stubEnv("DOCKER_HOST", "unix:///nowhere.sock");
  return () => vi.unstubAllEnvs();
});

test("each learner gets machines of their own, in the order of the list, and no engine is asked", async () => {
  const cohort = await classOf(["ada", "grace"], room(5));
  const plan = await planCohort(cohort);

  expect(byLearner(plan.seats)).toEqual({
    ada: ["192.0.2.1", "192.0.2.2"],
    grace: ["192.0.2.3", "192.0.2.4"],
  });
  const text = planText(cohort, plan);
  expect(text).toContain("teacher@192.0.2.3:22, teacher@192.0.2.4:22");
  expect(text).toContain("On 4 machines of 5.");
});

test("who stays keeps theirs, whoever leaves and comes, and a newcomer takes what nobody has first", async () => {
  await standing(await classOf(["ada", "grace", "alan"], room(8)));
  const seats = await seatsOf(await classOf(["zoe", "alan", "ada"], room(8)));

  const gone = [`${name}-grace-overlay-vxlan`];
  const cohort = await openCohort(name);
  const plan = await planCohort(cohort);
  expect(plan.removed).toEqual(gone);
  expect(planText(cohort, plan)).toContain(`takes away, with all that was done there: ${gone[0]}.`);
  expect(byLearner(seats)).toEqual({
    ada: ["192.0.2.1", "192.0.2.2"],
    alan: ["192.0.2.5", "192.0.2.6"],
    zoe: ["192.0.2.7", "192.0.2.8"],
  });
});

test("a machine that is not listed any more is replaced, and its neighbour kept", async () => {
  await standing(await classOf(["ada", "grace"], room(5)));
  const [, , , ...rest] = room(5);
  const seats = await seatsOf(await classOf(["ada", "grace"], [machine(1), machine(2), ...rest]));

  expect(byLearner(seats)).toEqual({ ada: ["192.0.2.1", "192.0.2.2"], grace: ["192.0.2.4", "192.0.2.5"] });
});

test("a machine's user and key may change without another taking its place", async () => {
  await standing(await classOf(["ada", "grace"], room(4)));
  const renewed = room(4).map((one, index) => ({
    ...one,
    ssh: one.ssh.replace("teacher", "root"),
    hostKey: hostKeyOf(100 + index),
  }));
  const seats = await seatsOf(await classOf(["grace", "ada"], renewed));

  expect(byLearner(seats)).toEqual({ ada: ["192.0.2.1", "192.0.2.2"], grace: ["192.0.2.3", "192.0.2.4"] });
  expect(seats.flatMap(({ machines = [] }) => machines.map(({ login }) => nameOfLogin(login)))).toContain(
    "root@192.0.2.1:22",
  );
});

test("too few machines are refused with how many there must be", async () => {
  await expect(planCohort(await classOf(["ada", "grace"], room(3)))).rejects.toThrow(
    /drydock:machines: received 3; cohort class needs 4.*overlay-vxlan: 2 stacks with 2 hosts each/s,
  );
});

test("a cohort on machines needs some", async () => {
  await makeOwnSettings(name, { learners: ["ada"], labs: ["overlay-vxlan"], target: "ssh" });
  await expect(openCohort(name)).rejects.toThrow(/drydock:machines: received nothing; allowed: a list/);
});

test("no two stacks share a machine, and who stays keeps theirs, for any class", () => {
  const ids = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 1, maxLength: 12 });
  const machines = room(40).map(({ address, hostKey }) => ({
    login: { user: "root", host: address, port: 22, hostKey },
    address,
  }));
  const deal = (learners: readonly string[], kept: ReadonlyMap<string, Place>) => {
    const seats = learners.map((id) => ({
      ...{ learner: { id }, lab: "swarm-basics", stack: `${name}-${id}-swarm-basics` },
      ...{ addresses: "10.192.0.0/19", ports: 20_000 },
    }));
    return dealMachines({ name, config: { machines } as never }, seats, kept);
  };
  fc.assert(
    fc.property(ids, ids, (before, after) => {
      const first = deal(before, new Map());
      const second = deal(after, new Map(first.map((seat) => [seat.stack, seat])));
      for (const seats of [first, second]) {
        const all = seats.flatMap(namesOf);
        expect(all).toHaveLength(3 * seats.length);
        expect(new Set(all).size).toBe(all.length);
      }
      for (const seat of second) {
        const had = first.find(({ stack }) => stack === seat.stack);
        if (had) expect(namesOf(seat)).toEqual(namesOf(had));
      }
    }),
    { numRuns: 50 },
  );
});
