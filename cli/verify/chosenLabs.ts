import { labs, loadLab } from "../../labs/index.ts";
import { VisibleError } from "../../stacks/visibleError.ts";

/** The slugs to verify: those named, or all. @throws VisibleError for an unknown one, or none. */
export function chosenLabs(named: readonly string[], all = false): string[] {
  if (all) return Object.keys(labs);
  if (named.length === 0) {
    throw new VisibleError("Which lab is to be verified?", {
      details: [`known labs: ${Object.keys(labs).sort().join(", ")}`],
      fix: "Name one or more of them, or give --all.",
    });
  }
  return [...new Set(named.map((slug) => loadLab(slug).lab.slug))];
}
