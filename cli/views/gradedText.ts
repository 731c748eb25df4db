import type { Graded } from "../../labs/grade.ts";
import type { Terminal } from "../terminal.ts";

/** Verdicts as a learner reads them: by step, with what was seen, and a hint where it is not done. */
export function gradedText(graded: readonly Graded[], paint: Terminal["paint"]): string {
  const steps = Map.groupBy(graded, (entry) => entry.step);
  const parts = [...steps].map(
    ([step, entries]) =>
      `${paint("bold", `Step ${step}`)}\n${entries.map((entry) => entryText(entry, paint)).join("")}`,
  );
  return `${parts.join("\n")}\n${summary(graded)}\n`;
}

function entryText({ title, verdict }: Graded, paint: Terminal["paint"]): string {
  switch (verdict.verdict) {
    case "pass":
      return `  ${paint("green", "✔")} ${title}\n      ${paint("dim", indent(verdict.evidence))}\n`;
    case "fail":
      return `  ${paint("red", "✖")} ${title}\n      ${indent(verdict.evidence)}\n      hint: ${indent(verdict.hint)}\n`;
    case "not-applicable":
      return `  ${paint("yellow", "–")} ${title}\n      not applicable: ${indent(verdict.reason)}\n`;
  }
}

const indent = (text: string) => text.trim().replaceAll("\n", "\n      ");

/** "3 passed, 1 failed, 0 not applicable". */
export function summary(graded: readonly Graded[]): string {
  const count = (kind: Graded["verdict"]["verdict"]) => graded.filter(({ verdict }) => verdict.verdict === kind).length;
  return `${count("pass")} passed, ${count("fail")} failed, ${count("not-applicable")} not applicable`;
}
