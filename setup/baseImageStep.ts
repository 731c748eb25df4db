import type Docker from "dockerode";
import { outerEngine } from "../engine/outer.ts";
import { isRemote } from "../engine/remoteMachine.ts";
import { isStatus } from "../engine/status.ts";
import { copyImages } from "../images/copyImages.ts";
import { baseImage } from "../images/image.ts";
import { MachineError } from "../stacks/machineError.ts";
import { bootstrapBase, originLabel } from "./bootstrapBase.ts";
import { withToolsLock } from "./lock.ts";
import { firstWay, NotThisWay } from "./notThisWay.ts";
import { pullBase } from "./pullBase.ts";
import type { ImageSource, Say, SetupStep } from "./step.ts";

type Origin = "registry" | "bootstrap";

interface BaseImageOptions {
  home: string;
  install: boolean;
  imageSource: ImageSource;
  engineUrl: string;
}

/** The image that all of ours are built from: pulled, else bootstrapped from Debian's packages. Another machine's is the local one. */
export function baseImageStep({ home, install, imageSource, engineUrl }: BaseImageOptions): SetupStep {
  const isWanted = (origin: Origin) => imageSource === "auto" || origin === imageSource;
  const look = async () => {
    const origin = await originOf(await outerEngine(engineUrl));
    return origin && isWanted(origin)
      ? `${baseImage} from ${origin === "registry" ? "a registry" : "Debian packages"}`
      : undefined;
  };
  return {
    title: "Base image",
    look,
    async make(say) {
      const engine = await outerEngine(engineUrl);
      return withToolsLock(home, "getting the base image", say, async () => {
        const there = await look();
        if (there !== undefined) return there;
        const copied = isRemote(engineUrl) ? await copyBase(engine, isWanted, say) : undefined;
        if (copied !== undefined) return copied;
        const ways = {
          registry: () => pullBase(engine, baseImage, say),
          bootstrap: () => bootstrapBase(engine, baseImage, { home, install, say }),
        };
        const pullElseSay = async () => {
          try {
            return await ways.registry();
          } catch (error) {
            if (error instanceof NotThisWay) say.note(`${error.message}: bootstrapping from Debian packages instead`);
            throw error;
          }
        };
        const got = await firstWay(imageSource === "auto" ? [pullElseSay, ways.bootstrap] : [ways[imageSource]]);
        if ("value" in got) return got.value;
        throw new MachineError(`The base image ${baseImage} could not be got`, {
          details: got.details,
          fix: `make one of these ways work; or put it there by hand: \`docker pull ${baseImage}\`, or \`docker load\` a saved one`,
        });
      });
    },
  };
}

/** Copies the local engine's base image, so that the images that are built on it can be copied, too. */
async function copyBase(engine: Docker, isWanted: (origin: Origin) => boolean, say: Say): Promise<string | undefined> {
  const local = await outerEngine().catch(() => undefined);
  const origin = local && (await originOf(local));
  if (!local || !origin || !isWanted(origin)) return undefined;
  say.progress("copying it from the local engine");
  await copyImages(local, engine, [baseImage]);
  return `${baseImage} from the local engine`;
}

/** Where the engine's base image came from, as its label tells; undefined when it has none. */
async function originOf(engine: Docker): Promise<Origin | undefined> {
  try {
    const { Config } = await engine.getImage(baseImage).inspect();
    const labels = Config.Labels as Record<string, string> | null;
    return labels?.[originLabel] === "bootstrap" ? "bootstrap" : "registry";
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}
