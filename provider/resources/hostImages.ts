import { outerEngine } from "../../engine/outer.ts";
import type { SshTarget } from "../../engine/ssh.ts";
import { giveImages } from "../../images/giveImages.ts";
import { originOfBase, type LabImages, type LabImagesOptions } from "../../images/labImages.ts";
import type { Handler } from "../handler.ts";
import { sessionTo } from "../sessions.ts";

export interface HostImagesInputs {
  /** For messages. */
  host: string;
  ssh: SshTarget;
  /** Changes when the host was made anew. */
  incarnation: string;
  /** Folders of images/. */
  images: string[];
  /** "auto" is what the local engine's base image came from, and a registry where there is no such engine. */
  source: LabImagesOptions["source"];
}

export interface HostImagesOutputs {
  origin: LabImages["origin"];
}

/**
 * The images of a lab on a host that has no mirror: pulled by the host, or built by the local engine and carried over. What
 * the learner does with them afterwards is theirs.
 */
export const hostImages: Handler<HostImagesInputs, HostImagesOutputs> = {
  create: async (inputs) => ({ id: inputs.host, outputs: await give(inputs) }),
  update: (_id, _state, inputs) => give(inputs),
  replaceOn: ["host"],
};

async function give({ host, ssh, images, source }: HostImagesInputs): Promise<HostImagesOutputs> {
  const local = source === "registry" ? undefined : await outerEngine().catch(() => undefined);
  const origin = source === "auto" ? ((local && (await originOfBase(local))) ?? "registry") : source;
  if (origin === "bootstrap" && local === undefined) {
    throw new Error(`${host}: drydock:images is bootstrap, and no Docker engine here answers that could build them`);
  }
  const session = await sessionTo(ssh);
  await giveImages(session.engine(), { images, from: origin === "bootstrap" ? local : undefined }).catch(
    (error: unknown) => {
      throw new Error(`${host}: ${(error as Error).message}`);
    },
  );
  return { origin };
}
