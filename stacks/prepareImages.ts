import type Docker from "dockerode";
import { ensureLabImages } from "../images/labImages.ts";
import { hostKindOf } from "../images/hostKinds.ts";
import type { Plan } from "./plan.ts";
import { reported, type Reporter } from "./reporter.ts";

/** Makes a plan's images before Pulumi runs, which can show no progress of what takes minutes the first time. */
export async function prepareImages(
  engine: Docker,
  plan: Plan,
  reporter: Reporter,
  signal?: AbortSignal,
): Promise<void> {
  await reported(
    reporter,
    "Images",
    (step) =>
      ensureLabImages(
        engine,
        { kind: hostKindOf(plan), images: plan.images, source: plan.imageSource, signal },
        (line) => step.progress(line),
      ),
    ({ made, origin }) => `${made ? "made" : "there"} (${origin})`,
  );
}
