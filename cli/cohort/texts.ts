import type { Card } from "../../cohort/cards.ts";
import { oneLine } from "../../cohort/roster.ts";
import type { Cohort } from "../../cohort/cohort.ts";
import type { CohortPlan } from "../../cohort/plan.ts";
import type { CohortConfig } from "../../stacks/config.ts";
import { nameOfLogin } from "../../stacks/ssh/plan.ts";
import { isOnEngine } from "../../stacks/target.ts";
import { budgetText, priceText, pullsText, unseenText } from "../views/planText.ts";
import { expiryText } from "../views/expiryText.ts";
import { counted } from "../numbers.ts";
import { table } from "../table.ts";
import type { Terminal } from "../terminal.ts";

/** How a learner's stack is. */
export interface SeatStatus {
  stack: string;
  learner: string;
  lab: string;
  /** URL of the engine on another machine that it is on. */
  engine?: string;
  state: "up" | "partly up" | "not up";
  expiry?: string;
  /** Whether the expiry is past; absent where that is not known. */
  expired?: boolean;
  problems: string[];
}

const local = "the local one";

/** A cohort's plan as its instructor reads it. */
export function planText({ name, config }: Cohort, plan: CohortPlan): string {
  const { seats } = plan;
  const placed = seats.some(({ engine }) => engine !== undefined);
  const takes = isOnEngine(config.target);
  const dealt = config.target === "ssh";
  const rows = seats.map(({ learner, engine = local, ports, memoryMib, diskMib, machines = [], ...seat }) => [
    learner.name === undefined ? learner.id : `${learner.id} (${oneLine(learner.name)})`,
    ...[seat.lab, seat.stack, seat.addresses, String(seat.hosts)],
    ...(takes ? [`from ${ports}`, `${memoryMib} MiB`, `${diskMib} MiB`] : []),
    ...(placed ? [engine] : []),
    ...(dealt ? [machines.map(({ login }) => nameOfLogin(login)).join(", ")] : []),
  ]);
  const columns = [
    ...["LEARNER", "LAB", "STACK", "ADDRESSES", "HOSTS"],
    ...(takes ? ["PORTS", "MEMORY", "DISK"] : []),
    ...(placed ? ["ENGINE"] : []),
    ...(dealt ? ["MACHINES"] : []),
  ];
  return [
    `Cohort ${name}: ${counted(seats.length, "stack")}, ${config.expiry ? `expires ${config.expiry}` : "never expires"}\n`,
    table(columns, rows),
    totalText(config, plan, placed),
    ...(plan.engines === undefined ? [] : [enginesText(plan.engines)]),
    ...(plan.removed.length === 0
      ? []
      : [`\`up\` takes away, with all that was done there: ${plan.removed.join(", ")}.\n`]),
    ...(plan.unseen.length === 0 ? [] : [unseenText(plan.unseen)]),
  ].join("\n");
}

function enginesText(engines: NonNullable<CohortPlan["engines"]>): string {
  const rows = engines.map((engine) =>
    "problem" in engine
      ? [engine.url, "", "", "", `could not be asked: ${engine.problem}`]
      : [engine.url, `${engine.memoryMib} MiB`, `${engine.diskMib} MiB`, String(engine.cpus)],
  );
  return table(["ENGINE", "MEMORY LEFT", "DISK LEFT", "CORES", "PROBLEM"], rows);
}

function totalText(
  { budget, machines = [], target }: CohortConfig,
  { forecast, machine, price }: CohortPlan,
  placed: boolean,
): string {
  const { hosts, containers, networks, memoryMib, diskMib, pulls } = forecast;
  if (target === "ssh") return `On ${hosts} machines of ${machines.length}.\n`;
  if (price) {
    return `On EC2: ${counted(hosts, "host")}. ${priceText(price)}${budgetText(budget, price)}\n`;
  }
  const left = machine && `; it has ${machine.memoryAvailableMib} MiB and ${machine.diskFreeMib} MiB left`;
  return (
    `On ${placed ? "all engines" : "the engine"}: ${counted(hosts, "host")}, ${counted(containers, "container")}, ${counted(networks, "network")}; ` +
    `about ${memoryMib} MiB of memory and ${diskMib} MiB of disk beyond what runs${left ?? ""}.\n` +
    pullsText(pulls)
  );
}

/** How each stack of a cohort is. */
export function statusText(all: readonly SeatStatus[], paint: Terminal["paint"]): string {
  const placed = all.some(({ engine }) => engine !== undefined);
  const rows = all.map(({ learner, lab, stack, state, expiry, engine = local }) => [
    learner,
    lab,
    stack,
    paint(state === "up" ? "green" : "red", state),
    expiry === undefined ? "" : expiryText(expiry, paint),
    ...(placed ? [engine] : []),
  ]);
  const problems = all.flatMap(({ stack, problems }) => problems.map((line) => `${stack}: ${line}\n`));
  return [
    table(["LEARNER", "LAB", "STACK", "STATE", "EXPIRES", ...(placed ? ["ENGINE"] : [])], rows),
    problems.join(""),
  ]
    .filter(Boolean)
    .join("\n");
}

/** Where each learner's card is. */
export function cardsText(cards: readonly Card[], missing: readonly string[]): string {
  const rows = cards.map(({ learner, labs, file }) => [learner.id, labs.map(({ lab }) => lab).join(", "), file]);
  return [table(["LEARNER", "LABS", "CARD"], rows), missing.map((stack) => `${stack}: not up\n`).join("")]
    .filter(Boolean)
    .join("\n");
}
