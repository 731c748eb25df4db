import type { JunitSuite } from "../junit.ts";
import { seconds } from "../reporters/seconds.ts";
import type { Terminal } from "../terminal.ts";
import type { LabResult } from "./verifyLabs.ts";

/** Whether a lab's own test passed: every phase of it. */
export const isVerified = ({ results }: LabResult): boolean => results.every(({ verdict }) => verdict === "passed");

/** The results as a report: what failed is named, with what is wrong. */
export function resultsText(labs: readonly LabResult[], paint: Terminal["paint"]): string {
  const marks = { passed: paint("green", "✔"), failed: paint("red", "✖"), skipped: paint("yellow", "–") };
  const sections = labs.map(({ lab, stack, results }) => {
    const lines = results.map(
      ({ phase, verdict, seconds: took, text }) =>
        `  ${marks[verdict]} ${phase} (${seconds(took * 1000)}): ${text.replaceAll("\n", "\n      ")}\n`,
    );
    return `${paint("bold", lab)}, stack ${stack}\n${lines.join("")}`;
  });
  const passed = labs.filter(isVerified).length;
  return `${sections.join("\n")}\n${passed} of ${labs.length} labs verified\n`;
}

/** The results for CI: a suite a lab, a case a phase. */
export function resultSuites(labs: readonly LabResult[]): JunitSuite[] {
  return labs.map(({ lab, results }) => ({
    name: `verify ${lab}`,
    cases: results.map(({ phase, verdict, seconds: took, text }) => ({
      name: phase,
      seconds: took,
      ...(verdict === "passed" && { output: text }),
      ...(verdict === "failed" && { failure: { message: text.split("\n")[0] ?? "", detail: text } }),
      ...(verdict === "skipped" && { skipped: text }),
    })),
  }));
}
