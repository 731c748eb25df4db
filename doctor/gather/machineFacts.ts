import { readFile } from "node:fs/promises";
import { hostname, release } from "node:os";
import { fileURLToPath } from "node:url";
import type Docker from "dockerode";
import { execa } from "execa";
import { outerEngineUrl } from "../../engine/outerUrl.ts";
import { isRemote, runOn } from "../../engine/remoteMachine.ts";
import { capabilities, type Capability } from "../../labs/lab.ts";
import type { MachineFacts, Unseen } from "../facts.ts";
import type { EngineHome } from "./engineFacts.ts";
import { runTemporary } from "./temporaryContainer.ts";

const script = fileURLToPath(new URL("../look.sh", import.meta.url));
const deadlineMs = 20_000;

/** Whether the engine is a process on this very machine, not in a virtual machine or elsewhere. */
export const isHere = (home: EngineHome): boolean =>
  process.platform === "linux" && home.kernel === release() && home.hostname === hostname();

/**
 * Looks at the engine's machine: directly as its root, else from a container of the host image.
 * @param url of the engine, which tells where its machine is.
 */
export async function machineFacts(
  engine: Docker,
  home: EngineHome,
  hostImage: () => Promise<string>,
  url = outerEngineUrl(),
): Promise<MachineFacts | Unseen> {
  const directly = isHere(home) && process.getuid?.() === 0;
  const byRoot = isRemote(url) ? lookThere(url, home) : directly ? lookDirectly(home) : undefined;
  const seen = (await byRoot) ?? (await lookFromContainer(engine, await hostImage()));
  return typeof seen === "string" ? parseLook(seen) : seen;
}

async function lookDirectly({ data }: EngineHome): Promise<string | undefined> {
  const look = await execa("unshare", ["--net", "sh", script, data], { reject: false, timeout: deadlineMs });
  return look.exitCode === 0 ? look.stdout : undefined;
}

async function lookThere(machine: string, { data }: EngineHome): Promise<string | undefined> {
  const command = `unshare --net sh -s -- '${data.replaceAll("'", `'\\''`)}'`;
  const { code, stdout } = await runOn(machine, command, {
    stdin: await readFile(script, "utf8"),
    timeoutMs: deadlineMs,
  });
  return code === 0 ? stdout : undefined;
}

async function lookFromContainer(engine: Docker, image: string): Promise<string | Unseen> {
  const { code, output } = await runTemporary(
    engine,
    {
      Image: image,
      Entrypoint: ["sh", "-c", await readFile(script, "utf8"), "look", "/"],
      HostConfig: { NetworkMode: "none", CapAdd: ["NET_ADMIN"], SecurityOpt: ["apparmor=unconfined"] },
    },
    deadlineMs,
  );
  return code === 0 ? output : { unseen: `looking failed: ${output.trim().split("\n").at(-1) ?? ""}` };
}

/** What look.sh printed. */
export function parseLook(output: string): MachineFacts | Unseen {
  const seen = new Map(
    output.split("\n").map((line): [string, string] => [line.split(" ")[0] ?? "", line.split(" ")[1] ?? ""]),
  );
  const number = (name: string) => Number(seen.get(name) ?? Number.NaN);
  const facts = {
    memoryAvailableMib: number("memoryAvailableMib"),
    diskFreeMib: number("diskFreeMib"),
    inotifyInstances: number("max_user_instances"),
    inotifyWatches: number("max_user_watches"),
  };
  const missing = Object.entries(facts).filter(([, value]) => Number.isNaN(value));
  if (missing.length > 0) return { unseen: `nothing was told of ${missing.map(([name]) => name).join(", ")}` };
  const has = Object.fromEntries(capabilities.map((name) => [name, seen.has(name)])) as Record<Capability, boolean>;
  return { ...facts, capabilities: has };
}
