import { namespace, settingsByPath, type Setting } from "./settings.ts";

/** docs/configuration.md, as text. */
export function configurationReference(): string {
  return `# Configuration

The settings of a stack stand in \`Pulumi.<stack>.yaml\`, under \`config\`, in the namespace \`${namespace}\`. All
that is wrong with them is reported at once, before anything is made. A first line gives editors completion and checks:

\`\`\`yaml
# yaml-language-server: $schema=schema/pulumi-stack.schema.json
config:
  ${namespace}:lab: swarm-failover
  ${namespace}:hosts:
    memoryMib: 2048
\`\`\`

${table(["key", "meaning", "allowed", "default", "example"], [...settingsByPath].map(row))}

This page and \`schema/pulumi-stack.schema.json\` are made from \`stacks/settings.ts\` by \`node stacks/generate.ts\`.
`;
}

function row([path, setting]: [string, Setting]): string[] {
  const { description, allowed, absence = "required", examples } = setting;
  const fallback = setting.default === undefined ? absence : code(setting.default);
  return [code(`${namespace}:${path}`), description, allowed, fallback, examples.map(code).join(" ")];
}

const code = (value: unknown): string => `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
