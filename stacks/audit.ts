import { existsSync } from "node:fs";
import { contextsOf } from "../access/dockerContexts.ts";
import { needlessIncludes, userSshConfig } from "../access/sshConfig.ts";
import { homeFolder, stacksFolder } from "./home.ts";
import { isOurs } from "./inventory.ts";
import { label } from "./labels.ts";
import { orphanedPlugins } from "./processes.ts";
import { project } from "./project.ts";
import type { Site, SiteObject } from "./site.ts";
import { allSites, sitesOf } from "./sites.ts";
import { stackFiles, tracedStacks } from "./stackFiles.ts";
import { readState, statePaths } from "./stateFile.ts";
import { tunnelsOf } from "./tunnels.ts";

/** Something of a stack that is there. */
export interface Leftover {
  /** "container", "instance", "image", "context", "file", "process", "state" and so on. */
  kind: string;
  name: string;
  detail: string;
  /** What removes it. */
  fix: string;
}

/**
 * Everything of a stack, or of all stacks, that is where its hosts are and on this machine; of the objects there those
 * too that another home's stack of that name has.
 * @param sites Where to look; by default wherever it may have something.
 */
export async function audit(stack: string | undefined, sites?: readonly Site[]): Promise<Leftover[]> {
  const places = sites ?? (stack === undefined ? await allSites() : await sitesOf(stack, await stateOf(stack)));
  const [objects, contexts, includes, orphans, tunnels] = await Promise.all([
    Promise.all(places.map((site) => objectsLeft(site, stack))),
    contextsOf(stack),
    needlessIncludes(stacksFolder()),
    orphanedPlugins(),
    tunnelsOf(stack),
  ]);
  return [
    ...objects.flat(),
    ...contexts.map((name) => ({
      kind: "context" as const,
      name,
      detail: "Docker context",
      fix: `docker context rm ${name}`,
    })),
    ...(await Promise.all((stack === undefined ? await tracedStacks() : [stack]).map(traces))).flat(),
    ...includes.map((line) => ({
      kind: "file" as const,
      name: userSshConfig(),
      detail: `a line that leads to no stack: ${line}`,
      fix: "take that line out of it",
    })),
    ...orphans.map(({ pid, command }) => ({
      kind: "process" as const,
      name: String(pid),
      detail: command,
      fix: `kill ${pid}`,
    })),
    ...tunnels.map(({ pid, stack: owner, component }) => ({
      kind: "process" as const,
      name: String(pid),
      detail: `tunnel to ${component} of stack ${owner}`,
      fix: `kill ${pid}`,
    })),
  ];
}

/** What Pulumi knows; undefined when that cannot be read. */
const stateOf = (stack: string) => readState(project, stack).catch(() => undefined);

async function objectsLeft(site: Site, stack: string | undefined): Promise<Leftover[]> {
  const objects = await site.objects(stack === undefined ? {} : { project, stack });
  return objects.map((object) => objectLeft(site, object));
}

/** An object, whosever it is: what another home made is removed from there. */
function objectLeft(site: Site, object: SiteObject): Leftover {
  const { kind, name, labels } = object;
  const { [label.stack]: stack = "", [label.lab]: lab = "", [label.home]: home = "" } = labels;
  const remove = site.removal(object);
  const elsewhere = `it is another home's: run there ./drydock down --stack ${stack}; when that home is gone, ${remove}`;
  return { kind, name, detail: `stack ${stack}, lab ${lab}, home ${home}`, fix: isOurs(labels) ? remove : elsewhere };
}

/** Files and state of a stack. */
async function traces(stack: string): Promise<Leftover[]> {
  const files = stackFiles(stack).filter((path) => existsSync(path));
  const state = (await statePaths(project, stack)).length > 0;
  return [
    ...files.map((path) => ({ kind: "file" as const, name: path, detail: `of stack ${stack}`, fix: `rm -r ${path}` })),
    ...(state
      ? [
          {
            kind: "state" as const,
            name: `${project}/${stack}`,
            detail: `Pulumi state in ${homeFolder()}`,
            fix: `./drydock down --stack ${stack}`,
          },
        ]
      : []),
  ];
}
