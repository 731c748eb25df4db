import type Docker from "dockerode";
import type { Unseen } from "../doctor/facts.ts";
import { unseen } from "../doctor/examine.ts";
import { engineFacts } from "../doctor/gather/engineFacts.ts";
import { machineFacts } from "../doctor/gather/machineFacts.ts";
import { outerEngine } from "../engine/outer.ts";
import { imageTag } from "../images/image.ts";
import { forecast, type Machine } from "../stacks/capacity.ts";
import { forecastPrice } from "../stacks/ec2/forecast.ts";
import { refuseOver, type Price } from "../stacks/ec2/price.ts";
import { MachineError } from "../stacks/machineError.ts";
import { isOnEngine } from "../stacks/target.ts";
import { seatingOf, type Cohort } from "./cohort.ts";
import { forecastCohort, lackingFor, planOfSeat, refuseLacking, type CohortForecast } from "./forecast.ts";
import type { EngineLook } from "./engines.ts";
import type { Room, Silence } from "./placement.ts";
import type { Seat } from "./seats.ts";

/** A learner's stack with what it takes when it is up, alone on its machine. */
export interface PlannedSeat extends Seat {
  hosts: number;
  memoryMib: number;
  diskMib: number;
}

export interface CohortPlan {
  seats: PlannedSeat[];
  /** Of engines; on machines and on EC2 the hosts alone are told of. */
  forecast: CohortForecast;
  /** What the machine of the local engine has left, for a cohort that stands there alone. */
  machine?: Machine;
  /** What that machine has too little of, a line each. */
  lacking: string[];
  /** Its engines on other machines with what they have left, or why they could not be asked; absent where it names none. */
  engines?: (Room | Silence)[];
  /** What it costs on EC2; absent elsewhere. */
  price?: Price;
  /** What could not be looked at, and why. */
  unseen: string[];
  /** Stacks that the cohort has and an `up` takes away, as who or what they are for is in it no longer. */
  removed: string[];
}

/**
 * What a cohort's `up` will make, and what that takes beyond what runs; makes nothing.
 * @param hostImage Names the image to look at the engine's machine with, where only a container can look at it.
 */
export async function planCohort(
  cohort: Cohort,
  hostImage = (engine: Docker) => imageTag(engine, "host"),
): Promise<CohortPlan> {
  const { target, engines } = cohort.config;
  const { seats, running, kept, looks, unseen: missed } = await seatingOf(cohort);
  const planned = seats.map((seat) => ({ seat, plan: planOfSeat(cohort, seat) }));
  const plans = planned.map(({ plan }) => plan);
  const wanted = new Set(seats.map(({ stack }) => stack));
  const machine = isOnEngine(target) && engines === undefined ? await lookAtMachine(hostImage) : undefined;
  const hidden = machine && "unseen" in machine ? [`the engine's machine (${machine.unseen})`] : [];
  const needs = forecastCohort(plans, running);
  return {
    removed: [...kept.keys()].filter((stack) => !wanted.has(stack)),
    ...(target === "ec2" ? { price: await forecastPrice(plans) } : {}),
    ...(machine && !("unseen" in machine) ? { machine } : {}),
    lacking: machine && !("unseen" in machine) ? lackingFor(plans, needs, machine) : [],
    ...(engines === undefined ? {} : { engines: looks.flatMap(roomOrSilence) }),
    unseen: [...(missed === undefined ? [] : [missed]), ...hidden],
    seats: planned.map(({ seat, plan }) => {
      const { memoryMib, diskMib } = forecast(plan);
      return { ...seat, hosts: plan.hosts.length, memoryMib, diskMib };
    }),
    forecast: needs,
  };
}

function roomOrSilence({ url, room, problem }: EngineLook): (Room | Silence)[] {
  if (room !== undefined) return [room];
  return problem === undefined ? [] : [{ url, problem }];
}

async function lookAtMachine(hostImage: (engine: Docker) => Promise<string>): Promise<Machine | Unseen> {
  const engine = await outerEngine();
  const { facts, home } = await engineFacts(engine);
  const seen = await machineFacts(engine, home, () => hostImage(engine)).catch(unseen);
  if ("unseen" in seen) return seen;
  const { memoryAvailableMib, diskFreeMib } = seen;
  return { memoryAvailableMib, diskFreeMib, cpus: facts.cpus };
}

/**
 * Refuses what is over its budget, or more than the engine's machine has left.
 * @throws VisibleError or MachineError; nothing was made then.
 */
export function refuseUnfit({ name, config }: Cohort, { price, lacking }: CohortPlan): void {
  if (price !== undefined && config.budget !== undefined) refuseOver(config.budget, price, name);
  refuseLacking(name, lacking);
}

/** @throws MachineError when something that `up` relies on could not be looked at; nothing was made then. */
export function refuseUnseen({ name, config }: Cohort, { unseen: hidden }: CohortPlan): void {
  if (hidden.length === 0) return;
  throw new MachineError(`Cohort ${name} was not brought up; nothing was made.`, {
    details: hidden.map((what) => `could not be looked at: ${what}`),
    fix:
      config.target === "ec2"
        ? "Give credentials as for any tool of AWS: AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        : "`./drydock doctor` shows what can be seen of the engine.",
  });
}
