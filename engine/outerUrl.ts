import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { MachineError } from "../stacks/machineError.ts";

const clientConfig = z.object({ currentContext: z.string().optional() });
const contextMeta = z.object({ Endpoints: z.object({ docker: z.object({ Host: z.string() }) }) });

/** Folder of the Docker client's own configuration: DOCKER_CONFIG, else ~/.docker. */
export function dockerConfigFolder(): string {
  return setting("DOCKER_CONFIG") ?? join(homedir(), ".docker");
}

/** Where an engine is, and what says so. */
export interface ChosenEngine {
  /** Such as "unix:///var/run/docker.sock". */
  url: string;
  /** What chose it, such as "DOCKER_HOST names it". */
  chosen: string;
}

/** URL of the engine that stacks stand on which name no other. @throws MachineError as `outerEngineChoice`. */
export const outerEngineUrl = (): string => outerEngineChoice().url;

/**
 * The engine that stacks stand on which name no other, as the Docker client would choose it: DOCKER_HOST, else
 * DOCKER_CONTEXT or the current context, else the default socket.
 * @throws MachineError when the named context does not exist, or the client's configuration cannot be read.
 */
export function outerEngineChoice(): ChosenEngine {
  const named = setting("DOCKER_HOST");
  if (named !== undefined) return { url: named, chosen: "DOCKER_HOST names it" };
  const folder = dockerConfigFolder();
  const current = readJson(join(folder, "config.json"), clientConfig)?.currentContext;
  const context = setting("DOCKER_CONTEXT") ?? current ?? "";
  if (context === "" || context === "default")
    return {
      url: defaultSocket(),
      chosen: "it is the default, as neither DOCKER_HOST nor a Docker context names another",
    };
  const id = createHash("sha256").update(context).digest("hex");
  const meta = readJson(join(folder, "contexts", "meta", id, "meta.json"), contextMeta);
  if (!meta) {
    throw new MachineError(`The Docker context "${context}" does not exist`, {
      fix: "list the contexts with `docker context ls` and choose one with `docker context use NAME`",
    });
  }
  return { url: meta.Endpoints.docker.Host, chosen: `the Docker context "${context}" names it` };
}

function readJson<T>(file: string, schema: z.ZodType<T>): T | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return schema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new MachineError(`${file} is not a file of the Docker client`, {
      details: [error instanceof Error ? error.message : String(error)],
      fix: "repair or remove it, or name the engine with DOCKER_HOST",
    });
  }
}

/** A variable of the environment. Set to nothing it counts as not set, as it does for the Docker client. */
export function setting(name: string): string | undefined {
  return process.env[name] === "" ? undefined : process.env[name];
}

function defaultSocket(): string {
  if (process.platform === "win32") return "npipe:////./pipe/docker_engine";
  const system = "/var/run/docker.sock";
  const desktop = join(homedir(), ".docker", "run", "docker.sock");
  return `unix://${!existsSync(system) && existsSync(desktop) ? desktop : system}`;
}
