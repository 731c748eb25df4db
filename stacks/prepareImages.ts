import type Docker from "dockerode";
import { outerEngine } from "../engine/outer.ts";
import { isRemote } from "../engine/remoteMachine.ts";
import { copyLabImages } from "../images/copyImages.ts";
import { ensureLabImages } from "../images/labImages.ts";
import { hostKindOf } from "../images/hostKinds.ts";
import type { Plan } from "./plan.ts";
import { reported, type Reporter } from "./reporter.ts";

/** Copies a stack's images to the engine of another machine, where the local one has them. */
export async function bringImages(engine: Docker, url: string, plan: Plan, reporter: Reporter): Promise<void> {
  const local = isRemote(url) ? await outerEngine().catch(() => undefined) : undefined;
  if (!local) return;
  await reported(
    reporter,
    `Images to ${url}`,
    (step) => copyLabImages(local, engine, optionsOf(plan), (line) => step.progress(line)),
    (copied) => (copied.length === 0 ? "none to copy" : `${copied.length} copied from the local engine`),
  );
}

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
    (step) => ensureLabImages(engine, { ...optionsOf(plan), signal }, (line) => step.progress(line)),
    ({ made, origin }) => `${made ? "made" : "there"} (${origin})`,
  );
}

const optionsOf = (plan: Plan) => ({ kind: hostKindOf(plan), images: plan.images, source: plan.imageSource });
