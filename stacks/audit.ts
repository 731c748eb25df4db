import { existsSync } from "node:fs";
import { contextsOf } from "../access/dockerContexts.ts";
import { outerEngine } from "../engine/outer.ts";
import { homeFolder } from "./home.ts";
import { labelledObjects, ownObjects } from "./inventory.ts";
import { label } from "./labels.ts";
import { orphanedPlugins } from "./processes.ts";
import { project } from "./stack.ts";
import { stackFiles } from "./stackFiles.ts";
import { stateFile } from "./stateFile.ts";

/** Something of a stack that is there. */
export interface Leftover {
  kind: "container" | "network" | "volume" | "image" | "context" | "file" | "process" | "state";
  name: string;
  detail: string;
  /** What removes it. */
  fix: string;
}

/** Everything of a stack, or of all stacks, that is on the engine and on this machine. */
export async function audit(stack: string | undefined): Promise<Leftover[]> {
  const engine = await outerEngine();
  const [objects, contexts, orphans] = await Promise.all([
    stack === undefined ? labelledObjects(engine, {}) : ownObjects(engine, { project, stack }),
    contextsOf(stack),
    orphanedPlugins(),
  ]);
  return [
    ...objects.map(({ kind, name, labels }) => ({
      kind,
      name,
      detail: `stack ${labels[label.stack] ?? ""}, lab ${labels[label.lab] ?? ""}, home ${labels[label.home] ?? ""}`,
      fix: kind === "container" ? `docker rm --force ${name}` : `docker ${kind} rm ${name}`,
    })),
    ...contexts.map((name) => ({
      kind: "context" as const,
      name,
      detail: "Docker context",
      fix: `docker context rm ${name}`,
    })),
    ...(stack === undefined ? [] : traces(stack)),
    ...orphans.map(({ pid, command }) => ({
      kind: "process" as const,
      name: String(pid),
      detail: command,
      fix: `kill ${pid}`,
    })),
  ];
}

/** Files and state of a stack. */
function traces(stack: string): Leftover[] {
  return [
    ...stackFiles(stack)
      .filter((path) => existsSync(path))
      .map((path) => ({ kind: "file" as const, name: path, detail: `of stack ${stack}`, fix: `rm -r ${path}` })),
    ...(existsSync(stateFile(project, stack))
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
