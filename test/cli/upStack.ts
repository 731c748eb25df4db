import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { outerEngineUrl } from "../../engine/outerUrl.ts";
import type { SshTarget } from "../../engine/ssh.ts";
import { loadLab } from "../../labs/index.ts";
import { parseConfig } from "../../stacks/config.ts";
import type { StackOutputs } from "../../stacks/outputs.ts";
import type { Stack } from "../../stacks/stack.ts";
import { temporaryFolder } from "../temporaryFolder.ts";
import { swarmOutputs, swarmPlan } from "./samples.ts";

/** A stack of swarm-failover that is up, its hosts reached where they are told to be: the first ones of its plan. */
export async function upStack(targets: readonly SshTarget[], changes: Partial<StackOutputs> = {}): Promise<Stack> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "id_ed25519"), targets[0]?.privateKey ?? "");
  const outputs = { ...swarmOutputs, hosts: hostsAt(targets), ...changes };
  return {
    name: "dev",
    project: "drydock",
    config: parseConfig({ "drydock:lab": "swarm-failover" }, { stack: "dev", labs: ["swarm-failover"] }),
    lab: loadLab("swarm-failover").lab,
    plan: { ...swarmPlan, hosts: swarmPlan.hosts.slice(0, targets.length) },
    folder,
    engineUrl: () => outerEngineUrl(),
    outputs: () => Promise.resolve(outputs),
  };
}

function hostsAt(targets: readonly SshTarget[]): StackOutputs["hosts"] {
  return swarmOutputs.hosts.flatMap((host, index) => {
    const target = targets[index];
    if (!target) return [];
    const { host: address, port, user, hostKey } = target;
    return [{ ...host, ssh: { host: address, port, user, hostKey } }];
  });
}
