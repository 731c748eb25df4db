import { existsSync } from "node:fs";
import { contextsOf } from "../access/dockerContexts.ts";
import { outerEngine } from "../engine/outer.ts";
import { needlessIncludes, userSshConfig } from "../access/sshConfig.ts";
import { homeFolder, stacksFolder } from "./home.ts";
import { isOurs, labelledObjects, type OwnObject } from "./inventory.ts";
import { label } from "./labels.ts";
import { orphanedPlugins } from "./processes.ts";
import { project } from "./project.ts";
import { stackFiles, tracedStacks } from "./stackFiles.ts";
import { statePaths } from "./stateFile.ts";
import { tunnelsOf } from "./tunnels.ts";

/** Something of a stack that is there. */
export interface Leftover {
  kind: "container" | "network" | "volume" | "image" | "context" | "file" | "process" | "state";
  name: string;
  detail: string;
  /** What removes it. */
  fix: string;
}

/**
 * Everything of a stack, or of all stacks, that is on the engine and on this machine; of the engine's objects those too
 * that another home's stack of that name has.
 */
export async function audit(stack: string | undefined): Promise<Leftover[]> {
  const engine = await outerEngine();
  const [objects, contexts, includes, orphans, tunnels] = await Promise.all([
    labelledObjects(engine, stack === undefined ? {} : { project, stack }),
    contextsOf(stack),
    needlessIncludes(stacksFolder()),
    orphanedPlugins(),
    tunnelsOf(stack),
  ]);
  return [
    ...objects.map(objectLeft),
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

/** An object, whosever it is: what another home made is removed from there. */
function objectLeft({ kind, name, labels }: OwnObject): Leftover {
  const { [label.stack]: stack = "", [label.lab]: lab = "", [label.home]: home = "" } = labels;
  const remove = kind === "container" ? `docker rm --force ${name}` : `docker ${kind} rm ${name}`;
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
