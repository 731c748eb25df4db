import type Docker from "dockerode";
import { waitFor } from "../../engine/wait.ts";
import { ifThere } from "../../engine/objects.ts";
import { isOwn } from "../../stacks/labels.ts";
import { VisibleError } from "../../stacks/visibleError.ts";
import type { Handler } from "../handler.ts";
import { answered, liveManager, type Member } from "./swarm.ts";

export interface SwarmNetworkInputs {
  managers: Member[];
  name: string;
  /** CIDR; empty lets Swarm cut one from its pool. */
  subnet: string;
  attachable: boolean;
  encrypted: boolean;
  /** MTU in bytes of the path between the hosts, which the frames with their VXLAN headers must fit. */
  pathMtu: number;
  labels: Record<string, string>;
  /** The Swarm it belongs to: another Swarm means another network. */
  clusterId: string;
}

export interface SwarmNetworkOutputs {
  networkId: string;
  actualSubnet: string;
}

const mtuOption = "com.docker.network.driver.mtu";
const allocationMs = 30_000;
/** What Docker takes a path to have where the option does not say. */
const defaultMtu = 1500;

/** An overlay network of a Swarm. */
export const swarmNetwork: Handler<SwarmNetworkInputs, SwarmNetworkOutputs> = {
  async create(inputs) {
    const engine = await managerOf(inputs);
    const id = (await adopt(engine, inputs)) ?? (await make(engine, inputs));
    return { id, outputs: await allocated(engine, id, inputs.name) };
  },

  async read(id, state) {
    const manager = await liveManager(state.managers);
    if (!manager) return { networkId: state.networkId, actualSubnet: state.actualSubnet };
    const found = await answered(`what the network ${state.name} is`, inspect(manager.engine, id));
    return found && outputsOf(found);
  },

  async delete(id, state) {
    const manager = await liveManager(state.managers);
    if (manager) await ifThere<unknown>(manager.engine.getNetwork(id).remove());
  },

  ignore: ["managers"],
};

async function managerOf({ managers, name }: SwarmNetworkInputs): Promise<Docker> {
  const manager = await liveManager(managers);
  if (manager) return manager.engine;
  const looked = managers.map((member) => member.name).join(", ");
  throw new Error(`no manager of the Swarm answers, so the network ${name} cannot be made; looked at ${looked}`);
}

/** A network of this name that is there already: taken over when it is what we want, removed when it is ours. */
async function adopt(engine: Docker, inputs: SwarmNetworkInputs): Promise<string | undefined> {
  const found = await inspect(engine, inputs.name);
  if (!found || isWanted(found, inputs)) return found?.Id;
  if (!isOwn(found.Labels ?? {}, inputs.labels)) {
    const { Driver: driver, Attachable: attachable, Options: options } = found;
    throw new VisibleError(`The network name ${inputs.name} is taken on the Swarm`, {
      details: [`driver ${driver}, attachable ${attachable}, options ${JSON.stringify(options ?? {})}`],
      fix: `Remove it on a manager with \`docker network rm ${inputs.name}\`, and run ./drydock up again.`,
    });
  }
  await engine.getNetwork(found.Id).remove();
  return undefined;
}

function isWanted(found: Docker.NetworkInspectInfo, wanted: SwarmNetworkInputs): boolean {
  const options = found.Options ?? {};
  return (
    found.Driver === "overlay" &&
    found.Attachable === wanted.attachable &&
    "encrypted" in options === wanted.encrypted &&
    Number(options[mtuOption] ?? defaultMtu) === wanted.pathMtu &&
    ["", found.IPAM?.Config?.[0]?.Subnet].includes(wanted.subnet)
  );
}

async function make(engine: Docker, inputs: SwarmNetworkInputs): Promise<string> {
  const { id } = await engine.createNetwork({
    Name: inputs.name,
    Driver: "overlay",
    Attachable: inputs.attachable,
    CheckDuplicate: true,
    Labels: inputs.labels,
    Options: { [mtuOption]: String(inputs.pathMtu), ...(inputs.encrypted ? { encrypted: "" } : {}) },
    ...(inputs.subnet ? { IPAM: { Config: [{ Subnet: inputs.subnet }] } } : {}),
  });
  return id;
}

/** Swarm allocates the network, and cuts its subnet, only after it has answered. */
function allocated(engine: Docker, id: string, name: string): Promise<SwarmNetworkOutputs> {
  return waitFor<SwarmNetworkOutputs>({
    what: `the overlay network ${name} to have a subnet`,
    deadlineMs: allocationMs,
    everyMs: 10,
    look: async () => {
      const found = await inspect(engine, id).catch((error: unknown) => error as Error);
      if (found instanceof Error) return { waiting: found.message };
      const outputs = found && outputsOf(found);
      return outputs?.actualSubnet ? { value: outputs } : { waiting: "Swarm has not allocated it" };
    },
  });
}

const inspect = (engine: Docker, name: string) => ifThere(engine.getNetwork(name).inspect());

const outputsOf = (network: Docker.NetworkInspectInfo): SwarmNetworkOutputs => ({
  networkId: network.Id,
  actualSubnet: network.IPAM?.Config?.[0]?.Subnet ?? "",
});
