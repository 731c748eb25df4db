import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";

interface GraphOptions {
  svg?: string;
}

export const graph: CommandSpec<GraphOptions> = {
  name: "graph",
  group: "Labs",
  summary: "Draw the topology, as Mermaid or as a picture",
  description: "The plan is enough; networks that the lab makes are drawn once the stack is up.",
  examples: [
    ["./drydock graph", "Mermaid, for a page that renders it"],
    ["./drydock graph --svg lab.svg", "a picture, for a browser"],
  ],
  configure: (command) => command.option("--svg <file>", "write a picture to this file instead"),
  async run({ options, terminal, print }) {
    const { openToLook } = await import("../openToLook.ts");
    const { topologyOf } = await import("../../graph/topology.ts");
    const { VisibleError } = await import("../../stacks/visibleError.ts");
    const { refuseBadOutput, writeOutput } = await import("../outputFile.ts");
    const stack = await openToLook(options.stack);
    await refuseBadOutput("--svg", options.svg);
    const outputs = await stack.outputs().catch((error: unknown) => {
      if (error instanceof VisibleError) return undefined;
      throw error;
    });
    const topology = topologyOf(stack.plan, outputs);
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
