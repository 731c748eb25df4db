import pMap from "p-map";
import { openCohort, seatsOf } from "../../cohort/cohort.ts";
import { answeringEngine } from "../../cohort/engines.ts";
import { graded, readGrades, writeGrades, type Grade } from "../../cohort/gradeBook.ts";
import { cohortDown, cohortUp } from "../../cohort/lifecycle.ts";
import { writeCohortFile } from "../../cohort/newFile.ts";
import { atOnce } from "../../cohort/pulumiOptions.ts";
import { planCohort, refuseUnfit } from "../../cohort/plan.ts";
import type { Seat } from "../../cohort/seats.ts";
import { knownNames } from "../../labs/suggest.ts";
import { setup } from "../../setup/index.ts";
import { reported, silentReporter, type Reporter } from "../../stacks/reporter.ts";
import { openStack, hasSettings } from "../../stacks/stack.ts";
import { VisibleError } from "../../stacks/visibleError.ts";
import type { Call } from "../command.ts";
import type { CohortOptions } from "../commands/cohort.ts";
import { exitCode } from "../exitCode.ts";
import { gradeStack } from "../gradeStack.ts";
import { counted } from "../numbers.ts";
import { openToLook } from "../openToLook.ts";
import { printThenRefuse } from "../printThenRefuse.ts";
import { refuseBadOutput, writeOutput } from "../outputFile.ts";
import { stackStatus, stateOf } from "../stackStatus.ts";
import { extend } from "./extend.ts";
import { refuseAbsent } from "./refuseAbsent.ts";
import { reset } from "./reset.ts";
import { roster } from "./roster.ts";
import { move } from "./move.ts";
import { checksText, gradesCsv, gradesJunit, gradesText } from "./gradeTexts.ts";
import { planText, statusText, type SeatStatus } from "./texts.ts";

export type CohortCall = Call<CohortOptions>;

const actions: Record<string, (call: CohortCall) => Promise<number>> = {
  plan,
  up,
  status,
  roster,
  check,
  grades,
  reset,
  extend,
  move,
  down,
};

/** What `drydock cohort NAME` does. @throws VisibleError that lists what there is. */
export function action(name: string): (call: CohortCall) => Promise<number> {
  const found = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (found) return found;
  throw new VisibleError(`drydock cohort: there is no action "${name}".`, {
    details: [knownNames(name, Object.keys(actions))],
    fix: "`./drydock help cohort` tells what each does.",
  });
}

const toLook = new Date(0);

async function plan({ options, print, reporter }: CohortCall): Promise<number> {
  await writeFileIfTold(options, reporter);
  const cohort = await openCohort(options.stack);
  const found = await planCohort(cohort);
  return printThenRefuse(
    { options, print },
    found,
    () => planText(cohort, found),
    () => refuseUnfit(cohort, found),
  );
}

async function up({ options, reporter, print, terminal }: CohortCall): Promise<number> {
  await writeFileIfTold(options, reporter);
  const cohort = await openCohort(options.stack);
  const engineUrl = await answeringEngine(cohort);
  const { images: imageSource, target } = cohort.config;
  await setup({ install: true, imageSource, target, engineUrl, reporter });
  const report = await cohortUp(cohort, reporter);
  print(report, () => {
    const removed = report.removed.length > 0 ? `; taken away: ${report.removed.join(", ")}` : "";
    const whole = `Cohort ${cohort.name} is up: ${counted(report.stacks.length, "stack")}${removed}.`;
    return `${terminal.paint("green", "✔")} ${whole}\n  ./drydock cohort status --stack ${cohort.name}\n`;
  });
  return exitCode.done;
}

async function writeFileIfTold(
  { stack, learners, lab = [] }: CohortCall["options"],
  reporter: Reporter,
): Promise<void> {
  if (learners === undefined && lab.length === 0) return;
  if (learners === undefined || lab.length === 0) {
    throw new VisibleError("--learners and --lab go together: a cohort has both.", {
      fix: "Give a CSV file of learners and at least one lab, or neither.",
    });
  }
  reporter.note(`Written: ${await writeCohortFile(stack, learners, lab)}`);
}

async function status({ options, terminal, print }: CohortCall): Promise<number> {
  const seats = await seatsOf(await openCohort(options.stack, toLook), { place: false });
  const all = await pMap(seats, statusOf, { concurrency: atOnce });
  print(all, () => statusText(all, terminal.paint));
  return all.every(({ state }) => state === "up") ? exitCode.done : exitCode.found;
}

async function statusOf({ learner, lab, stack, engine }: Seat): Promise<SeatStatus> {
  const seat = { stack, learner: learner.id, lab, ...(engine === undefined ? {} : { engine }) };
  if (!(await hasSettings(stack))) return { ...seat, state: "not up", problems: [] };
  const found = await stackStatus(await openStack(stack, toLook));
  const problems = [
    ...(found.problem === undefined ? [] : [found.problem]),
    ...[...found.hosts, ...found.components].flatMap(({ name, problem }) =>
      problem === undefined ? [] : [`${name}: ${problem}`],
    ),
  ];
  return { ...seat, state: stateOf(found), expiry: found.expiry, expired: found.expired, problems };
}

async function check({ options, terminal, reporter, print }: CohortCall): Promise<number> {
  await refuseBadOutputs(options);
  const cohort = await openCohort(options.stack, toLook);
  const seats = await seatsOf(cohort, { place: false });
  let book = await readGrades(cohort.name);
  const missed: string[] = [];
  await pMap(
    seats,
    async (seat) => {
      const found = await gradeOne(seat, cohort.name, reporter).catch((error: unknown) => error as Error);
      if (found instanceof Error) missed.push(`${seat.stack}: ${found.message}`);
      else book = graded(book, seat, found, new Date());
    },
    { concurrency: atOnce },
  );
  await writeGrades(cohort.name, book);
  // Who has left, and a lab that is taught no longer, are in the grades still.
  const now = seats.flatMap(({ learner, lab }) =>
    book.filter((grade) => grade.learner === learner.id && grade.lab === lab),
  );
  await writeOutputs(options, now);
  print({ grades: now, missed }, () => gradesText(now, terminal.paint) + missed.map((line) => `${line}\n`).join(""));
  const failed = now.some(({ verdict }) => verdict === "fail");
  return failed || missed.length > 0 ? exitCode.found : exitCode.done;
}

const gradeOne = (seat: Seat, cohort: string, reporter: Reporter) =>
  reported(
    reporter,
    `Checks of ${seat.stack}`,
    async () => {
      await refuseAbsent(seat.stack, cohort);
      return gradeStack(await openToLook(seat.stack), { reporter: silentReporter });
    },
    (found) => `${found.filter(({ verdict }) => verdict.verdict === "pass").length} of ${found.length} passed`,
  );

async function grades({ options, terminal, print }: CohortCall): Promise<number> {
  await refuseBadOutputs(options);
  const book = await readGrades(options.stack);
  if (book.length === 0) {
    throw new VisibleError(`There are no grades of a cohort ${options.stack}.`, {
      fix: `Run: ./drydock cohort check --stack ${options.stack}`,
    });
  }
  await writeOutputs(options, book);
  print(book, () => checksText(book, terminal.paint));
  return exitCode.done;
}

async function down({ options, terminal, reporter, print }: CohortCall): Promise<number> {
  const report = await cohortDown(options.stack, reporter);
  const { stacks, files, left } = report;
  print(report, () => {
    if (left.length > 0)
      return `Cohort ${options.stack} is not all gone:\n${left.map((line) => `  ${line}\n`).join("")}`;
    if (stacks.length === 0 && files.length === 0) return `There was nothing of a cohort ${options.stack}.\n`;
    return `${terminal.paint("green", "✔")} Cohort ${options.stack} is gone: ${counted(stacks.length, "stack")}, nothing left.\n`;
  });
  return left.length === 0 ? exitCode.done : exitCode.found;
}

async function refuseBadOutputs({ csv, junit }: CohortCall["options"]): Promise<void> {
  await refuseBadOutput("--csv", csv);
  await refuseBadOutput("--junit", junit);
}

async function writeOutputs({ csv, junit }: CohortCall["options"], book: readonly Grade[]): Promise<void> {
  if (csv !== undefined) await writeOutput(csv, gradesCsv(book));
  if (junit !== undefined) await writeOutput(junit, gradesJunit(book));
}
