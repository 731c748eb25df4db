import type { CommandSpec } from "../command.ts";
import { positiveInteger } from "../numbers.ts";

export interface CohortOptions {
  learners?: string;
  lab?: string[];
  csv?: string;
  junit?: string;
  learner?: string[];
  to?: number;
  until?: string;
  engine?: string;
}

export const cohort: CommandSpec<CohortOptions> = {
  name: "cohort",
  arguments: "<action>",
  group: "Labs",
  summary: "Bring a whole class up, grade it, take it away",
  description:
    "A cohort's file Pulumi.<stack>.yaml names learners and labs; each learner has a stack of their own for each lab, named\n" +
    "<stack>-<learner>-<lab>, which every other command takes by --stack. Actions:\n\n" +
    "  plan    who gets which stack, addresses and ports, and what all of it takes; makes nothing\n" +
    "  up      bring up what is missing or not whole, and take away whoever is in the file no longer\n" +
    "  status  how each stack is; exits with 1 when one is not up\n" +
    "  roster  a card for each learner, mode 600: addresses, SSH commands and, for who has given no key of their own, a key\n" +
    "  check   run every check of every learner's, and keep the grades; exits with 1 when a check fails\n" +
    "  grades  the grades that were kept, with when each was first and last passed\n" +
    "  reset   rebuild the hosts, of all learners or of those named; what was done on them is lost\n" +
    "  extend  another expiry, for the cohort and all that stands of it\n" +
    "  move    take learners' stacks down, and bring them up on another engine; what was done on them is lost\n" +
    "  down    take all of it away; the grades stay",
  examples: [
    ["./drydock cohort up --stack class", "a stack for each learner and lab that Pulumi.class.yaml names"],
    ["./drydock cohort plan --stack class --learners class.csv --lab swarm-basics", "writes that file first"],
    ["./drydock cohort check --stack class --junit class.xml", "grade all of them, with a report besides"],
    ["./drydock cohort grades --stack class --csv class.csv", "the same from what was kept, for a spreadsheet"],
    ["./drydock cohort reset --stack class --learner ada --to 2", "ada begins at step 3 again; nobody else is touched"],
    ["./drydock cohort extend --stack class --until 2099-12-31", "more time, told at the hosts' log-in, too"],
  ],
  configure: (command) =>
    command
      .option("--learners <file>", "plan, up: write Pulumi.<stack>.yaml first, with the learners of this CSV file")
      .option("--lab <slug...>", "plan, up: the labs to write into it")
      .option("--learner <id...>", "reset: only these learners; move: who moves")
      .option("--engine <url>", "move: where to, one of drydock:engines")
      .option("--to <step>", "reset: last step to do again; by default none", positiveInteger)
      .option("--until <date>", "extend: the new expiry, as drydock:expiry takes it")
      .option("--csv <file>", "check, grades: write the grades as CSV, too")
      .option("--junit <file>", "check, grades: write the grades as JUnit XML, too"),
  async run(call) {
    const { action } = await import("../cohort/actions.ts");
    return action(call.args[0] ?? "")(call);
  },
};
