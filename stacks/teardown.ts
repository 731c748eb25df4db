import { rm } from "node:fs/promises";
import { outerEngine } from "../engine/outer.ts";
import { removeCache } from "../images/cache.ts";
import { audit, type Leftover } from "./audit.ts";
import { reported, silentReporter, type Reporter } from "./reporter.ts";
import { project } from "./project.ts";
import { ownSettingsFile } from "./stack.ts";
import { stackFiles } from "./stackFiles.ts";
import { withStackLock } from "./stackLock.ts";
import { readState } from "./stateFile.ts";
import type { Site } from "./site.ts";
import { sitesOf, workOn } from "./sites.ts";
import { takeAway } from "./takeAway.ts";

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
  /** Where to take it away; by default wherever its state or its settings say that it may have something. */
  site?: Site | undefined;
  reporter: Reporter;
}

/**
 * Takes a stack away: Pulumi destroys what a sweep by labels does not reach, the sweep removes all the rest, an audit
 * looks again.
 * Works with no state and with no settings, from whatever an `up` left.
 * @throws MachineError when another command holds the stack, or the engine was lost; PulumiError when it was interrupted.
 */
export async function down(name: string, { images = false, site, reporter }: DownOptions): Promise<DownReport> {
  return withStackLock({ project, name, what: "drydock down", discard: true, reporter }, async () => {
    const state = await readState(project, name).catch(() => undefined);
    const sites = site ? [site] : await sitesOf(name, state);
    return workOn(sites, "drydock down", async () => {
      const before = await audit(name, sites);
      const stuck = await takeAway(sites, name, state, reporter);
      for (const line of stuck) reporter.note(`Could not remove ${line}`);
      // The settings say where what is left is to be found.
      const kept = stuck.length > 0 ? [ownSettingsFile(name)] : [];
      for (const path of stackFiles(name).filter((file) => !kept.includes(file)))
        await rm(path, { recursive: true, force: true });
      const cache = images ? await reported(reporter, "Images", async () => removeCache(await outerEngine())) : [];
      const left = await reported(
        reporter,
        "Audit",
        () => audit(name, sites),
        (found) => (found.length === 0 ? "nothing is left" : `${found.length} left`),
      );
      const still = new Set(left.map(nameOf));
      return { removed: [...before.map(nameOf).filter((object) => !still.has(object)), ...cache.map(nameOf)], left };
    });
  });
}

/**
 * Takes a stack away from each of these sites; where there are none, wherever it may have something.
 * @returns what is still there, a line each.
 */
export async function downOn(name: string, sites: readonly Site[]): Promise<string[]> {
  const left: string[] = [];
  for (const site of sites.length > 0 ? sites : [undefined]) {
    const report = await down(name, { site, reporter: silentReporter });
    left.push(...report.left.map(nameOf));
  }
  return left;
}

const nameOf = ({ kind, name }: { kind: string; name: string }) => `${kind} ${name}`;
