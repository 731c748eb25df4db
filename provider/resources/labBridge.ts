import type Docker from "dockerode";
import { outerEngineClient } from "../../engine/outer.ts";
import { ifThere } from "../../engine/objects.ts";
import { isOwn, label, lastingLabels } from "../../stacks/labels.ts";
import { VisibleError } from "../../stacks/visibleError.ts";
import type { Handler } from "../handler.ts";

export interface LabBridgeInputs {
  /** The outer engine, such as "unix:///var/run/docker.sock". */
  engineUrl: string;
  name: string;
  /** CIDR. */
  subnet: string;
  gateway: string;
  labels: Record<string, string>;
}

export interface LabBridgeOutputs {
  networkId: string;
}

/**
 * The bridge network of a lab. @pulumi/docker's Network would do, but waits 2 s on purpose at each read, one read a
 * create and one a refresh (kreuzwerker/terraform-provider-docker, resource_docker_network_funcs.go), which is more
 * than all the rest of an unchanged `up` takes.
 */
export const labBridge: Handler<LabBridgeInputs, LabBridgeOutputs> = {
  async create(inputs) {
    const engine = outerEngineClient(inputs.engineUrl);
    const networkId = (await adopt(engine, inputs)) ?? (await make(engine, inputs));
    return { id: networkId, outputs: { networkId } };
  },

  async read(id, state) {
    const found = await inspect(outerEngineClient(state.engineUrl), id);
    return found && { networkId: found.Id };
  },

  async delete(id, state) {
    await remove(outerEngineClient(state.engineUrl), id);
  },

  ignore: ["engineUrl"],
};

/** A network of this name that an interrupted `up` left: taken over when it is what we want, else removed. */
async function adopt(engine: Docker, inputs: LabBridgeInputs): Promise<string | undefined> {
  const found = await inspect(engine, inputs.name);
  if (!found) return undefined;
  const labels = found.Labels ?? {};
  if (!isOwn(labels, inputs.labels)) {
    throw new VisibleError(`The network name ${inputs.name} is taken`, {
      details: [`its holder: ${labels[label.home] ?? "not Drydock"}`],
      fix: "choose another stack name, or remove that network",
    });
  }
  const same = Object.entries(lastingLabels(inputs.labels)).every(([key, value]) => labels[key] === value);
  if (same && found.IPAM?.Config?.[0]?.Subnet === inputs.subnet) return found.Id;
  await remove(engine, found.Id);
  return undefined;
}

async function make(engine: Docker, { name, subnet, gateway, labels }: LabBridgeInputs): Promise<string> {
  const network = await engine.createNetwork({
    Name: name,
    Driver: "bridge",
    CheckDuplicate: true,
    Labels: labels,
    IPAM: { Config: [{ Subnet: subnet, Gateway: gateway }] },
  });
  return network.id;
}

const remove = (engine: Docker, id: string) => ifThere<unknown>(engine.getNetwork(id).remove());

const inspect = (engine: Docker, name: string) => ifThere(engine.getNetwork(name).inspect());
