import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { waitFor } from "../engine/wait.ts";
import { homeFolder } from "../stacks/home.ts";
import { ownObjects } from "../stacks/inventory.ts";
import { label } from "../stacks/labels.ts";
import { processes } from "../stacks/processes.ts";
import { silentReporter } from "../stacks/reporter.ts";
import { project } from "../stacks/project.ts";
import { down } from "../stacks/teardown.ts";
import { isMeasured } from "./stackName.ts";

/** Where the files of a measurement are, the state of its Pulumi programs included. */
export const benchFolder = () => join(homeFolder(), "bench");

/** Removes what this measurement, or one that was killed, has left: objects by label, settings, states, files. */
export async function removeLeftovers(engine: Docker): Promise<void> {
  await othersEnded();
  const objects = await ownObjects(engine, { project });
  const labelled = objects.map(({ labels }) => labels[label.stack] ?? "");
  const names = new Set([
    ...labelled,
    ...(await filesIn("settings")),
    ...(await filesIn(`state/.pulumi/stacks/${project}`)),
  ]);
  for (const name of names) if (isMeasured(name)) await down(name, { reporter: silentReporter });
  await rm(benchFolder(), { recursive: true, force: true });
}

/** Waits until the processes of a killed measurement, which name its folder, have ended. */
async function othersEnded(): Promise<void> {
  await waitFor<true>({
    what: "what an earlier measurement left running to end",
    deadlineMs: 180_000,
    look: async () => {
      const [other] = (await processes()).filter(({ zombie, command }) => !zombie && command.includes(benchFolder()));
      return other ? { waiting: `process ${other.pid} runs: ${other.command.slice(0, 80)}` } : { value: true };
    },
  });
}

/** Names of the files in a folder of the home, without their endings. */
async function filesIn(folder: string): Promise<string[]> {
  const files = await readdir(join(homeFolder(), folder)).catch(() => []);
  return files.map((file) => file.replace(/^Pulumi\./, "").replace(/\..*$/, ""));
}
