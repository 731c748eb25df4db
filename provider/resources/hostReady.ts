import type { SshSession, SshTarget } from "../../engine/ssh.ts";
import { containerLog } from "../../engine/containerLog.ts";
import { outerEngineClient } from "../../engine/outer.ts";
import { ping } from "../../engine/ping.ts";
import { isStatus } from "../../engine/status.ts";
import { waitFor } from "../../engine/wait.ts";
import { capabilities as known, type Capability } from "../../labs/lab.ts";
import type { Handler } from "../handler.ts";
import { sessionTo } from "../sessions.ts";

export interface HostReadyInputs {
  /** For messages. */
  host: string;
  ssh: SshTarget;
  deadlineSec: number;
  /** The outer engine with its container, whose log is shown when it does not come up; absent for a machine. */
  engineUrl?: string;
  /** Its container or machine: another one is looked at anew. */
  containerId: string;
}

export interface HostReadyOutputs {
  engineVersion: string;
  cgroupVersion: number;
  /** MTU in bytes of the host's link to the lab network. */
  linkMtu: number;
  capabilities: Record<Capability, boolean>;
}

/** A host whose sshd and engine answer, and what it can do, found by looking. */
export const hostReady: Handler<HostReadyInputs, HostReadyOutputs> = {
  async create(inputs) {
    const session = await ready(inputs);
    return { id: inputs.host, outputs: await look(session) };
  },

  async read(_id, { ssh, engineVersion, cgroupVersion, linkMtu, capabilities }) {
    try {
      const session = await sessionTo(ssh);
      await ping(session.engine(), 5_000);
      return { engineVersion, cgroupVersion, linkMtu, capabilities };
    } catch {
      // Not reachable means not ready: the next `up` waits for it again.
      return undefined;
    }
  },

  update: async (_id, _state, inputs) => look(await ready(inputs)),
  replaceOn: ["host"],
  ignore: ["deadlineSec", "engineUrl"],
};

async function ready(inputs: HostReadyInputs): Promise<SshSession> {
  const { host, ssh, deadlineSec } = inputs;
  const because = (layer: string) => (error: unknown) => {
    if (error instanceof Refused) throw error;
    throw new NotYet(`${layer} did not answer (${error instanceof Error ? error.message : String(error)})`);
  };
  try {
    return await waitFor<SshSession>({
      what: `host ${host}`,
      deadlineMs: deadlineSec * 1_000,
      everyMs: 20,
      look: async () => {
        try {
          const session = await sessionTo(ssh).catch(because("sshd"));
          await ping(session.engine(), 5_000).catch(refused(host)).catch(because("its Docker engine"));
          return { value: session };
        } catch (error) {
          if (error instanceof NotYet) return { waiting: error.message };
          throw error;
        }
      },
    });
  } catch (error) {
    if (error instanceof Refused) throw error;
    const { message } = error as Error;
    if (inputs.engineUrl === undefined) throw new Error(message);
    throw new Error(`${message}\nThe end of its log:\n${await endOfLog(inputs.engineUrl, inputs.containerId)}`);
  }
}

class NotYet extends Error {}

/** An engine that answers, and forbids: no wait makes that good. */
class Refused extends Error {}

const refused = (host: string) => (error: unknown) => {
  if (!isStatus(error, 403)) throw error;
  throw new Refused(
    `the engine of ${host} forbids even to look at it (${(error as Error).message}): ` +
      "mend the policies that its authorization plugin asks, or take the plugin out of daemon.json there",
  );
};

async function endOfLog(engineUrl: string, containerId: string): Promise<string> {
  const container = outerEngineClient(engineUrl).getContainer(containerId);
  const [{ State: state }, log] = await Promise.all([container.inspect(), containerLog(container, { tail: 15 })]).catch(
    (error: unknown) => [{ State: { Status: `unknown: ${String(error)}` } }, ""] as const,
  );

  return `${log}(container ${state.Status})`;
}

/** Prints a word a capability. First goes what a probe that was killed half-way has left. */
const probe = `
try() { "$@" >/dev/null 2>&1; }
try ip link del drydock-probe
link=$(ip -o -4 route show default | awk '{print $5; exit}')
echo "mtu $(cat "/sys/class/net/$link/mtu")"
if [ -f /sys/fs/cgroup/cgroup.controllers ]; then echo "cgroup 2"; else echo "cgroup 1"; fi
if try ip link add drydock-probe type vxlan id 1 dstport 4790; then try ip link del drydock-probe; echo vxlan; fi
if try ip link add drydock-probe link "$link" type macvlan; then try ip link del drydock-probe; echo macvlan; fi
if try ipvsadm -Ln; then echo ipvs; fi
state="src 127.0.0.1 dst 127.0.0.2 proto esp spi 0x4452"
try ip xfrm state del $state
key=0x000102030405060708090a0b0c0d0e0f10111213
if try ip xfrm state add $state mode transport aead 'rfc4106(gcm(aes))' $key 64; then try ip xfrm state del $state; echo esp; fi
if [ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" = Y ]; then echo apparmor; fi
`;

async function look(session: SshSession): Promise<HostReadyOutputs> {
  const [version, { stdout }] = await Promise.all([session.engine().version(), session.run(probe)]);
  const seen = new Map(
    stdout.split("\n").map((line): [string, string] => [line.split(" ")[0] ?? "", line.split(" ")[1] ?? ""]),
  );
  return {
    engineVersion: version.Version,
    cgroupVersion: Number(seen.get("cgroup") ?? 1),
    linkMtu: Number(seen.get("mtu") ?? 1500),
    capabilities: Object.fromEntries(known.map((name) => [name, seen.has(name)])) as Record<Capability, boolean>,
  };
}
