import type Docker from "dockerode";
import { rm } from "node:fs/promises";
import { outerEngine } from "../engine/outer.ts";
import { removeCache } from "../images/cache.ts";
import { removeAccess } from "../provider/resources/accessFiles.ts";
import { audit, type Leftover } from "./audit.ts";
import { stackFolder } from "./home.ts";
import { ownObjects } from "./inventory.ts";
import { operate } from "./pulumi.ts";
import { PulumiError } from "./pulumiError.ts";
import { reportEvents } from "./reportEvents.ts";
import { reported, type Reporter } from "./reporter.ts";
import { project, pulumiTarget } from "./stack.ts";
import { pulumiLogs, stackFiles } from "./stackFiles.ts";
import { withStackLock } from "./stackLock.ts";
import { readState, statePaths } from "./stateFile.ts";
import { refuseOtherEngine } from "./sameEngine.ts";
import { sweep } from "./sweep.ts";
import { isSwept } from "./swept.ts";

/** What a `down` did. */
export interface DownReport {
  /** What was there before and is gone. */
  removed: string[];
  /** What is still there, another home's stack of that name included; empty when all went well. */
  left: Leftover[];
}

export interface DownOptions {
  /** Also removes images of ours that no stack uses. */
  images?: boolean;
  reporter: Reporter;
}

/**
 * Takes a stack away: Pulumi destroys what a sweep by labels does not reach, the sweep removes all the rest, an audit
 * looks again.
 * Works with no state and with no settings, from whatever an `up` left.
 * @throws VisibleError when another command holds the stack; PulumiError when it was interrupted.
 */
export async function down(name: string, { images = false, reporter }: DownOptions): Promise<DownReport> {
  return withStackLock({ project, name, what: "drydock down", discard: true, reporter }, async () => {
    const state = await readState(project, name).catch(() => undefined);
    if (state) refuseOtherEngine(name, state);
    const engine = await outerEngine();
    const before = await audit(name);
    // A state that cannot be read is there, and Pulumi says what is wrong with it.
    if (!state || ![...state.types].every(isSwept)) await destroy(name, reporter);
    const stuck = await reported(reporter, "Sweep", () => sweepAll(engine, name));
    for (const line of stuck) reporter.note(`Could not remove ${line}`);
    const cache = images ? await reported(reporter, "Images", () => removeCache(engine)) : [];
    const left = await reported(
      reporter,
      "Audit",
      () => audit(name),
      (found) => (found.length === 0 ? "nothing is left" : `${found.length} left`),
    );
    const still = new Set(left.map(nameOf));
    return { removed: [...before.map(nameOf).filter((object) => !still.has(object)), ...cache.map(nameOf)], left };
  });
}

const nameOf = ({ kind, name }: { kind: string; name: string }) => `${kind} ${name}`;

/** Lets Pulumi destroy what it knows; where it cannot, the sweep does. */
async function destroy(name: string, reporter: Reporter): Promise<void> {
  try {
    await operate("destroy", await pulumiTarget(name), reportEvents(reporter));
  } catch (error) {
    if (!(error instanceof PulumiError) || error.interrupted) throw error;
    reporter.note(`${error.summary} Going on by labels. ${error.details.join("; ")}`);
  }
}

/** Removes all objects, files and state of a stack that are left; answers with the objects that stay, and why. */
async function sweepAll(engine: Docker, name: string): Promise<string[]> {
  const stuck = await sweep(engine, await ownObjects(engine, { project, stack: name }));
  await removeAccess(name, stackFolder(name));
  const files = [...statePaths(project, name), ...(await pulumiLogs(name)), ...stackFiles(name)];
  for (const path of files) await rm(path, { recursive: true, force: true });
  return stuck;
}
