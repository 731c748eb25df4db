import type { Finding } from "../../doctor/facts.ts";
import type { Terminal } from "../terminal.ts";

const marks = { ok: ["green", "✔"], warning: ["yellow", "!"], problem: ["red", "✖"] } as const;

export interface FindingsTextOptions {
  lab: string;
  /** What is to carry it, such as "This machine". */
  carrier: string;
  paint: Terminal["paint"];
}

/** What the doctor found, with the fix below what needs one. */
export function findingsText(findings: readonly Finding[], { lab, carrier, paint }: FindingsTextOptions): string {
  const width = Math.max(...findings.map(({ about }) => about.length));
  const lines = findings.map(({ about, verdict, seen, fix }) => {
    const [colour, mark] = marks[verdict];
    const line = `${paint(colour, mark)} ${about.padEnd(width)}  ${seen}\n`;
    return fix === undefined ? line : `${line}  ${" ".repeat(width)}  → ${fix}\n`;
  });
  const problems = findings.filter(({ verdict }) => verdict === "problem").length;
  const conclusion =
    problems === 0 ? `${carrier} can carry ${lab}.` : `${problems} to mend before ${lab} can be brought up here.`;
  return `${lines.join("")}\n${conclusion}\n`;
}
