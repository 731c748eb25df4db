import { InvalidArgumentError } from "commander";
import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";
import { noInstallOption } from "../noInstallOption.ts";
import { positiveInteger } from "../numbers.ts";

interface BenchOptions {
  hosts: number[];
  components?: true;
  learners?: number[];
  rounds: number;
  install: boolean;
}

export const bench: CommandSpec<BenchOptions> = {
  name: "bench",
  group: "Authors",
  summary: "Measure Drydock beside the raw engine API, Compose and plain Pulumi",
  description:
    "Makes the same Swarm in each way, in turns, on stacks of its own that are gone afterwards; then tells where the\n" +
    "time of one `up` goes. Takes about four minutes a round, and wants a machine that does nothing else.\n" +
    "With --components a registry and a logging stack instead: the time until they work, beside the same containers\n" +
    "through the raw API, and what they carry. With --learners whole classes, three hosts a learner, beside the same\n" +
    "hosts through the raw API, once: about three minutes for 30.",
  examples: [
    ["drydock bench", "3 and 10 hosts, five rounds"],
    ["drydock bench --hosts 3 --rounds 1", "a first look, in two minutes"],
    ["drydock bench --components", "a registry and a logging stack"],
    ["drydock bench --learners 10,30", "classes of 10 and of 30"],
    ["drydock bench --json > bench.json", "every sample"],
  ],
  configure: (command) =>
    command
      .option("--hosts <numbers>", "numbers of hosts, with commas between them", sizes, [3, 10])
      .option("--components", "measure components in place of Swarms")
      .option("--learners <numbers>", "measure classes of so many learners, with commas between them", classes)
      .option("--rounds <number>", "how often each way is measured", positiveInteger, 5)
      .addOption(noInstallOption()),
  async run({ options, terminal, reporter, print }) {
    const { interruptible } = await import("../interruptible.ts");
    const { setup } = await import("../../setup/index.ts");
    await setup({ install: options.install, reporter });
    return interruptible(reporter, async (signal) => {
      try {
        if (options.components) {
          const { benchComponents } = await import("../../bench/components/run.ts");
          const { componentsText } = await import("../../bench/components/componentsText.ts");
          const result = await benchComponents({ rounds: options.rounds, reporter, signal });
          print(result, () => componentsText(result, terminal.paint));
        } else if (options.learners) {
          const { benchCohorts } = await import("../../bench/cohort/run.ts");
          const { cohortText } = await import("../../bench/cohort/cohortText.ts");
          const result = await benchCohorts({ sizes: options.learners, reporter, signal });
          print(result, () => cohortText(result, terminal.paint));
        } else {
          const { runBench } = await import("../../bench/run.ts");
          const { benchText } = await import("../../bench/benchText.ts");
          const result = await runBench({ sizes: options.hosts, rounds: options.rounds, reporter, signal });
          print(result, () => benchText(result, terminal.paint));
        }
        return exitCode.done;
      } catch (error) {
        if (signal.aborted) return exitCode.interrupted;
        throw error;
      }
    });
  },
};

const classes = (text: string): number[] => text.split(",").map(positiveInteger);

/** Hosts that a stack has addresses for. */
const most = 31;

function sizes(text: string): number[] {
  const numbers = text.split(",").map(positiveInteger);
  if (numbers.some((number) => number > most)) throw new InvalidArgumentError(`A stack has up to ${most} hosts.`);
  return numbers;
}
