import type { Finding } from "../../doctor/facts.ts";
import type { UpReport } from "../../stacks/lifecycle.ts";
import type { Stack } from "../../stacks/stack.ts";
import { seconds } from "../reporters/seconds.ts";
import { table } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { hostTable } from "./hostTable.ts";
import { ingressText } from "./ingressText.ts";

/** What is up, and what to do next. */
export function upText(
  { name, lab, plan }: Pick<Stack, "name" | "lab" | "plan">,
  report: UpReport,
  warnings: readonly Finding[],
  paint: Terminal["paint"],
): string {
  const option = name === "dev" ? "" : ` --stack ${name}`;
  const ingress = report.outputs.swarm?.ingress;
  const first = plan.hosts[0];
  const guide = `labs/${String(lab.number).padStart(2, "0")}-${lab.slug}/guide.md`;
  const next = [
    [guide, "the lesson"],
    [`./drydock ssh ${first?.name ?? ""}${option}`, "a shell on a host"],
    [`docker --context ${first?.container ?? ""} ps`, "your own docker client, on a host"],
    [`./drydock check${option}`, "which steps are done"],
    [`./drydock hint${option}`, "help with the next one"],
    [`./drydock down${option}`, "take everything away"],
  ];
  return [
    `\n${paint("green", "✔")} ${paint("bold", lab.title)} is up (${changes(report)}, ${seconds(report.seconds * 1000)})\n`,
    hostTable(plan.hosts),
    ...(plan.engine
      ? [`the SSH ports are on the loopback of ${plan.engine}; ./drydock, ssh and docker go by it\n`]
      : []),
    ...(ingress ? [`${ingressText(ingress)}\n`] : []),
    ...(warnings.length > 0 ? [warnings.map((warning) => warningText(warning, paint)).join("")] : []),
    table(["NEXT", ""], next),
  ].join("\n");
}

function warningText({ about, seen, fix }: Finding, paint: Terminal["paint"]): string {
  return `${paint("yellow", "!")} ${about}: ${seen}\n${fix === undefined ? "" : `  → ${fix}\n`}`;
}

function changes({ changed, created, updated, deleted }: UpReport): string {
  if (!changed) return "nothing to do";
  const counts = [`${created} created`, updated && `${updated} updated`, deleted && `${deleted} deleted`];
  return counts.filter(Boolean).join(", ");
}
