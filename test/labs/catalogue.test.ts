import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";
import { svg } from "../../graph/svg.ts";
import { topologyOf } from "../../graph/topology.ts";
import { labs, loadLab } from "../../labs/index.ts";
import { parseConfig } from "../../stacks/config.ts";
import { planStack } from "../../stacks/plan.ts";
import { declareLab, valueOf } from "../components/declare.ts";

// What docs/ shows of the labs is made from the labs themselves: `npx vitest run --project unit test/labs/catalogue -u`
// makes it anew after a change.

const inOrder = Object.values(labs).toSorted((one, other) => one.number - other.number);
const nameOf = ({ number, slug }: (typeof inOrder)[number]) => `${String(number).padStart(2, "0")}-${slug}`;

test.each(inOrder)("the picture of $slug is what its plan and its components are", async (lab) => {
  const { outputs } = await declareLab(lab.slug);
  const { networks, components } = await valueOf(outputs);
  const config = parseConfig({ "drydock:lab": lab.slug }, { stack: "dev", labs: Object.keys(labs) });
  const plan = planStack({ project: "drydock", stack: "dev", config, lab, home: "" });
  // Which part of the pool an overlay gets is for Swarm to say.
  const known = networks.map((network) => ({ ...network, subnet: `from ${plan.swarm.overlayBase}` }));

  const picture = svg(topologyOf(plan, { networks: known, components }));

  await expect(picture).toMatchFileSnapshot(`../../docs/pictures/${nameOf(lab)}.svg`);
});

test("docs/labs.md tells what each lab teaches", async () => {
  const sections = await Promise.all(
    inOrder.map(async (lab) => {
      const { steps } = await loadLab(lab.slug).guide();
      const name = nameOf(lab);
      return `## ${lab.number} ${lab.slug}: ${lab.title}

![its hosts, networks and components](pictures/${name}.svg)

${lab.summary}

${steps.map(({ number, title }) => `${number}. ${title}`).join("\n")}

[The guide](../labs/${name}/guide.md). Covers ${lab.covers.join("; ")} of the courses in the catalogue.
`;
    }),
  );
  const text = `# The labs

\`./drydock verify LAB\` is each lab's own test. The pictures are \`./drydock graph\`'s, made from the labs.

${sections.join("\n")}`;
  const path = new URL("../../docs/labs.md", import.meta.url).pathname;
  const options = await resolveConfig(path);

  await expect(await format(text, { ...options, parser: "markdown" })).toMatchFileSnapshot("../../docs/labs.md");
});
