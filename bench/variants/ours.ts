import { join } from "node:path";
import { checkout } from "../../stacks/home.ts";
import { makeOwnSettings } from "../../stacks/stack.ts";
import type { Topology } from "../topology.ts";
import type { Variant, VariantContext } from "../variant.ts";
import { runProcess } from "./runProcess.ts";

const preload = new URL("../preload.ts", import.meta.url).href;

/** Drydock as its user runs it: each operation is a command line, from its start to its end. */
export function ours({ topology, signal }: Pick<VariantContext, "topology" | "signal">, traceFolder = ""): Variant {
  const { stack, hosts } = topology.plan;
  const env = {
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} --import=${preload}`.trim(),
    DRYDOCK_BENCH_HOSTS: String(hosts.length),
    DRYDOCK_BENCH_TRACE: traceFolder,
  };
  const drydock = (command: string) =>
    runProcess(process.execPath, [join(checkout, "setup", "bootstrap.mjs"), command, "--stack", stack], {
      env,
      signal,
    });
  return {
    async up() {
      await makeOwnSettings(stack, settingsOf(topology));
      await drydock("up");
    },
    again: () => drydock("up"),
    down: () => drydock("down"),
  };
}

function settingsOf({ plan: { lab, addresses, expiry }, manager }: Topology): Record<string, unknown> {
  return { lab, addresses, ports: manager.sshPort, expiry };
}
