import type { CommandSpec } from "../command.ts";

export interface CohortOptions {
  learners?: string;
  lab?: string[];
  csv?: string;
  junit?: string;
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
    "  check   run every check of every learner's, and keep the grades; exits with 1 when a check fails\n" +
    "  grades  the grades that were kept, with when each was first and last passed\n" +
    "  down    take all of it away; the grades stay",
  examples: [
    ["./drydock cohort up --stack class", "a stack for each learner and lab that Pulumi.class.yaml names"],
    ["./drydock cohort plan --stack class --learners class.csv --lab swarm-basics", "writes that file first"],
    ["./drydock cohort check --stack class --junit class.xml", "grade all of them, with a report besides"],
    ["./drydock cohort grades --stack class --csv class.csv", "the same from what was kept, for a spreadsheet"],
  ],
  configure: (command) =>
    command
      .option("--learners <file>", "plan, up: write Pulumi.<stack>.yaml first, with the learners of this CSV file")
      .option("--lab <slug...>", "plan, up: the labs to write into it")
      .option("--csv <file>", "check, grades: write the grades as CSV, too")
      .option("--junit <file>", "check, grades: write the grades as JUnit XML, too"),
  async run(call) {
    const { action } = await import("../cohort/actions.ts");
    return action(call.args[0] ?? "")(call);
  },
};
