import { readdir, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { outerEngine } from "../../../engine/outer.ts";
import { labelledObjects } from "../../../stacks/inventory.ts";
import { homeOf, label } from "../../../stacks/labels.ts";
import { processOf } from "../../../stacks/processes.ts";
import { sweep } from "../../../stacks/sweep.ts";
import { processesOf } from "./inventory.ts";

/** A sandbox's folder; its name has the process whose tests it is for. */
const sandboxFolder = /^(.*\/drydock-t7-(\d+)-\w+)\/home$/;

/** Removes what runs that were killed left: their processes, their stacks on the engine, their folders. */
export async function reapKilledRuns(): Promise<void> {
  const engine = await outerEngine();
  const objects = await labelledObjects(engine, {});
  const folders = (await readdir(tmpdir())).map((name) => `${hostname()}:${join(tmpdir(), name, "home")}`);
  const homes = new Set([...folders, ...objects.map(({ labels }) => labels[label.home] ?? "")]);
  for (const home of homes) {
    const { hostname: machine, path } = homeOf(home);
    const [, root, pid] = sandboxFolder.exec(path) ?? [];
    if (root === undefined || machine !== hostname() || (await processOf(Number(pid)))) continue;
    for (const { pid } of await processesOf(path)) endNow(pid);
    const stuck = await sweep(
      engine,
      objects.filter(({ labels }) => labels[label.home] === home),
    );
    if (stuck.length > 0) throw new Error(`a killed run's objects are stuck:\n${stuck.join("\n")}`);
    await rm(root, { recursive: true, force: true });
  }
}

function endNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
