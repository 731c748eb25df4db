import type Docker from "dockerode";
import { readEvents } from "../images/engineStream.ts";
import { within } from "../images/within.ts";
import { NotThisWay } from "./notThisWay.ts";
import type { Say } from "./step.ts";

/** Seconds until a registry has answered the engine, and until the image is there. */
const answerSec = 15;
const pullSec = 600;

/**
 * Has the engine pull an image.
 * @throws NotThisWay when no registry answers, or it has not got the image.
 */
export async function pullBase(engine: Docker, image: string, { progress, signal }: Say): Promise<string> {
  progress("asking the engine's registry");
  try {
    await within(pullSec, "the pull", async (total) => {
      const stream = await within(answerSec, "a registry to answer", (first) =>
        engine.pull(image, { abortSignal: AbortSignal.any([first, total, signal]) }),
      );
      progress("pulling");
      await readEvents(engine, stream);
    });
    return `${image} from a registry`;
  } catch (error) {
    throw new NotThisWay(`\`docker pull ${image}\``, error instanceof Error ? error.message : String(error));
  }
}
