import type Docker from "dockerode";
import { ensureImage, imageTag, type Progress } from "../images/image.ts";
import { MachineError } from "../stacks/machineError.ts";
import type { Facts, Finding, Unseen, Wanted } from "./facts.ts";
import { engineFacts } from "./gather/engineFacts.ts";
import { machineFacts } from "./gather/machineFacts.ts";
import { startFacts } from "./gather/startFacts.ts";
import { vmFacts } from "./gather/vmFacts.ts";
import { lookAtWorld } from "./gather/world.ts";
import { probes } from "./probes/index.ts";

export interface LookOptions {
  /** The engine's, which tells where its machine is; `outerEngineUrl` by default. */
  url?: string;
  /** Also start containers to see what the engine allows; false by default. */
  startContainers?: boolean;
  /** Also try what virtual machines need; false by default. */
  tryVm?: boolean;
  /** Build the host image when there is none to look with; true by default. Without it less is seen. */
  build?: boolean;
  /** Told what takes long. */
  progress?: Progress;
}

/** Looks at an engine and its machine; every look has its deadline. What could not be seen says why. */
export async function look(
  engine: Docker,
  { url, startContainers = false, tryVm = false, build = true, progress }: LookOptions = {},
): Promise<Facts> {
  const { facts, home } = await engineFacts(engine);
  let image: Promise<string> | undefined;
  const hostImage = () =>
    (image ??= build ? ensureImage(engine, "host", progress).then(({ tag }) => tag) : imageTag(engine, "host"));
  const vmImage = () => ensureImage(engine, "vm", progress).then(({ tag }) => tag);
  const [machine, start, vm, world] = await Promise.all([
    machineFacts(engine, home, hostImage, url).catch(unseen),
    startContainers ? startFacts(engine, hostImage).catch(unseen) : undefined,
    tryVm ? vmFacts(engine, vmImage).catch(unseen) : undefined,
    lookAtWorld(engine, url),
  ]);
  return { engine: facts, machine, start, vm, world };
}

/** A look that failed, by its reason. */
export const unseen = (error: unknown): Unseen => ({
  unseen: (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "",
});

/** What all probes think of what was seen. */
export const judge = (facts: Facts, wanted: Wanted): Finding[] => probes.flatMap((probe) => probe(facts, wanted));

/**
 * Refuses a machine that cannot carry a stack, before anything is made.
 * @returns the warnings.
 * @throws MachineError with every problem and its fix.
 */
export function refuseProblems(findings: readonly Finding[], { plan, lab }: Wanted): Finding[] {
  const problems = findings.filter(({ verdict }) => verdict === "problem");
  if (problems.length > 0) {
    throw new MachineError(`Lab ${lab.slug} cannot be brought up here as stack ${plan.stack}; nothing was made.`, {
      details: problems.map(({ about, seen, fix }) => `${about}: ${seen}. ${fix ?? ""}`),
      fix: "`./drydock doctor` shows all that was looked at.",
    });
  }
  return findings.filter(({ verdict }) => verdict === "warning");
}
