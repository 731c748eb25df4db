import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";

interface GraphOptions {
  svg?: string;
}

export const graph: CommandSpec<GraphOptions> = {
  name: "graph",
  group: "Labs",
  summary: "Draw the topology, as Mermaid or as a picture",
  description:
    "The plan is enough; once the stack is up, what its hosts are and the networks across them are drawn as they are.",
  examples: [
    ["./drydock graph", "Mermaid, for a page that renders it"],
    ["./drydock graph --svg lab.svg", "a picture, for a browser"],
  ],
  configure: (command) => command.option("--svg <file>", "write a picture to this file instead"),
  async run({ options, terminal, print }) {
    const { openToLook } = await import("../openToLook.ts");
    const { topologyOf } = await import("../../graph/topology.ts");
    const { seenOf, stackStatus } = await import("../stackStatus.ts");
    const { refuseBadOutput, writeOutput } = await import("../outputFile.ts");
    const stack = await openToLook(options.stack);
    await refuseBadOutput("--svg", options.svg);
    const topology = topologyOf(stack.plan, seenOf(await stackStatus(stack)));
    if (options.svg === undefined) {
      const { mermaid } = await import("../../graph/mermaid.ts");
      print(topology, () => mermaid(topology));
      return exitCode.done;
    }
    const { svg } = await import("../../graph/svg.ts");
    await writeOutput(options.svg, svg(topology));
    print({ ...topology, svg: options.svg }, () => `${terminal.paint("green", "✔")} ${options.svg ?? ""}\n`);
    return exitCode.done;
  },
};
