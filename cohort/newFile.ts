import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { stringify } from "yaml";
import { checkout } from "../stacks/home.ts";
import { namespace } from "../stacks/settings.ts";
import { settingsFile } from "../stacks/stack.ts";
import { VisibleError } from "../stacks/visibleError.ts";
import { cohortOf } from "./cohort.ts";

/**
 * Writes a cohort's file for who has none yet.
 * @param learners Path of a CSV file, from the current folder.
 * @returns the file's path.
 * @throws VisibleError when there is one already, and for learners or labs that are none; ConfigError.
 */
export async function writeCohortFile(cohort: string, learners: string, labs: readonly string[]): Promise<string> {
  const path = settingsFile(cohort);
  if (existsSync(path)) {
    throw new VisibleError(
      `Pulumi.${cohort}.yaml is there already; --learners and --lab write one where there is none.`,
      {
        fix: "Change the file, and leave these options out.",
      },
    );
  }
  const several = labs.find((lab) => lab.includes(","));
  if (several !== undefined) {
    throw new VisibleError(`--lab: received ${several}; allowed: one lab, and --lab once for each.`, {
      fix: `Give: ${several
        .split(",")
        .map((lab) => `--lab ${lab.trim()}`)
        .join(" ")}`,
    });
  }
  const config = { [`${namespace}:learners`]: relative(checkout, resolve(learners)), [`${namespace}:labs`]: labs };
  // Before it is written: what is wrong with it would be in the way of the next try.
  await cohortOf(cohort, config);
  const schema = "# yaml-language-server: $schema=schema/pulumi-stack.schema.json\n";
  await writeFile(path, schema + stringify({ config }), { flag: "wx" });
  return path;
}
