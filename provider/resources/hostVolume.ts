import type Docker from "dockerode";
import { ifThere } from "../../engine/objects.ts";
import { outerEngineClient } from "../../engine/outer.ts";
import { isOwn, label, lastingLabels } from "../../stacks/labels.ts";
import { VisibleError } from "../../stacks/visibleError.ts";
import type { Handler } from "../handler.ts";

export interface HostVolumeInputs {
  /** The outer engine, such as "unix:///var/run/docker.sock". */
  engineUrl: string;
  name: string;
  labels: Record<string, string>;
}

/**
 * The volume that a host keeps its /var/lib/docker on. @pulumi/docker's Volume would do, but waits 2 s on purpose before
 * it removes one (kreuzwerker/terraform-provider-docker, resource_docker_volume.go), longer than all the rest of a
 * `down` takes.
 */
export const hostVolume: Handler<HostVolumeInputs, object> = {
  async create(inputs) {
    const engine = outerEngineClient(inputs.engineUrl);
    await makeRoom(engine, inputs);
    await engine.createVolume({ Name: inputs.name, Labels: inputs.labels });
    return { id: inputs.name, outputs: {} };
  },

  async read(id, state) {
    const found = await labelsOf(outerEngineClient(state.engineUrl), id);
    return found && {};
  },

  async delete(id, state) {
    await remove(outerEngineClient(state.engineUrl), id);
  },

  ignore: ["engineUrl"],
};

/** Leaves a volume of this name that is what we want, which the engine then answers with, and removes any other of ours. */
async function makeRoom(engine: Docker, inputs: HostVolumeInputs): Promise<void> {
  const labels = await labelsOf(engine, inputs.name);
  if (!labels) return;
  if (!isOwn(labels, inputs.labels)) {
    throw new VisibleError(`The volume name ${inputs.name} is taken`, {
      details: [`its holder: ${labels[label.home] ?? "not Drydock"}`],
      fix: "choose another stack name, or remove that volume",
    });
  }
  const same = Object.entries(lastingLabels(inputs.labels)).every(([key, value]) => labels[key] === value);
  if (!same) await remove(engine, inputs.name);
}

/** The labels of a volume, for which the engine answers null when it has none; undefined when there is no volume. */
async function labelsOf(engine: Docker, name: string): Promise<Record<string, string> | undefined> {
  const found = await ifThere(engine.getVolume(name).inspect());
  return found && { ...found.Labels };
}

const remove = (engine: Docker, name: string) => ifThere<unknown>(engine.getVolume(name).remove());
