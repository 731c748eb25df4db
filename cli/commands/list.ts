import { exitCode } from "../exitCode.ts";
import type { CommandSpec } from "../command.ts";
import { table } from "../table.ts";

export const list: CommandSpec = {
  name: "list",
  group: "Labs",
  summary: "List the labs",
  examples: [["./drydock list", "every lab with its hosts and what the learner ends with"]],
  async run({ print }) {
    const { labs } = await import("../../labs/index.ts");
    const rows = Object.values(labs)
      .toSorted((a, b) => a.number - b.number)
      .map(({ number, slug, title, summary, covers, hosts, needs, wants }) => ({
        number,
        slug,
        title,
        summary,
        covers,
        hosts: hosts.map(({ name, role }) => ({ name, role })),
        needs,
        wants,
      }));
    print(rows, () =>
      table(
        ["#", "LAB", "HOSTS", "THE LEARNER ENDS WITH"],
        rows.map((lab) => [String(lab.number), lab.slug, String(lab.hosts.length), lab.summary]),
      ),
    );
    return exitCode.done;
  },
};
