import type { RunResult } from "../engine/ssh.ts";
import type { ComponentOutput } from "../stacks/outputs.ts";
import { reasonOf } from "./hostAnswer.ts";
import type { LiveHosts } from "./liveHosts.ts";

/** Longest that a component may take to say how it is, in milliseconds. */
const probeDeadlineMs = 15_000;

/** How a part of the lab is that runs on one of its hosts. */
export interface ComponentStatus extends Pick<ComponentOutput, "name" | "kind" | "host" | "address"> {
  /** Why it does not do its work; undefined when it does. */
  problem?: string;
}

/** Asks a component how it is. One whose host is dead says so in its `problem`. */
export async function componentStatus(live: LiveHosts, component: ComponentOutput): Promise<ComponentStatus> {
  const { name, kind, host, address, probe } = component;
  return { name, kind, host, address, problem: await problemOf(live, host, probe) };
}

/** What a probe says is wrong on its host; undefined when nothing is. */
export async function problemOf(live: LiveHosts, host: string, probe: string): Promise<string | undefined> {
  try {
    const result = await live.run(host, probe, { timeoutMs: probeDeadlineMs });
    return result.code === 0 ? undefined : lastWords(result);
  } catch (error) {
    return reasonOf(error);
  }
}

function lastWords({ code, stdout, stderr }: RunResult): string {
  const lines = `${stderr}\n${stdout}`.split("\n").filter((line) => line.trim() !== "");
  return lines.at(-1) ?? `its probe exited with ${code} and said nothing`;
}
