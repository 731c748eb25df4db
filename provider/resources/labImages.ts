import { outerEngine, outerEngineClient } from "../../engine/outer.ts";
import { isRemote } from "../../engine/remoteMachine.ts";
import { isStatus } from "../../engine/status.ts";
import type { HostKind } from "../../images/hostKinds.ts";
import { copyLabImages } from "../../images/copyImages.ts";
import { ensureLabImages, type LabImages, type LabImagesOptions } from "../../images/labImages.ts";
import type { Handler } from "../handler.ts";

export interface LabImagesInputs extends LabImagesOptions {
  kind: HostKind;
  /** The outer engine, such as "unix:///var/run/docker.sock". */
  engineUrl: string;
  images: string[];
  /** Of the folder images/, so that a changed Dockerfile is a change. */
  contentHash: string;
}

export type LabImagesOutputs = Omit<LabImages, "made">;

/** The images of a lab. They are kept when the stack goes: other stacks share them, and `down --images` removes them. */
export const labImages: Handler<LabImagesInputs, LabImagesOutputs> = {
  create: async (inputs) => ({ id: "images", outputs: await make(inputs) }),

  async read(_id, { engineUrl, ...state }) {
    const engine = outerEngineClient(engineUrl);
    try {
      await engine.getImage(state.hostImage).inspect();
      await engine.getImage(state.mirrorImage).inspect();
      await engine.getVolume(state.layersVolume).inspect();
      const { hostImage, mirrorImage, mirrorEnvironment, layersVolume, origin } = state;
      return { hostImage, mirrorImage, mirrorEnvironment, layersVolume, origin };
    } catch (error) {
      if (isStatus(error, 404)) return undefined;
      throw error;
    }
  },

  update: (_id, _state, inputs) => make(inputs),
  ignore: ["engineUrl"],
};

async function make({ engineUrl, kind, images, source }: LabImagesInputs): Promise<LabImagesOutputs> {
  const engine = outerEngineClient(engineUrl);
  const local = isRemote(engineUrl) ? await outerEngine().catch(() => undefined) : undefined;
  if (local) await copyLabImages(local, engine, { kind, images, source });
  const made = await ensureLabImages(engine, { kind, images, source });
  const { hostImage, mirrorImage, mirrorEnvironment, layersVolume, origin } = made;
  return { hostImage, mirrorImage, mirrorEnvironment, layersVolume, origin };
}
