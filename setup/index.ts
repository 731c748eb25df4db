import { outerEngineUrl } from "../engine/outerUrl.ts";
import { isRemote } from "../engine/remoteMachine.ts";
import { homeFolder } from "../stacks/home.ts";
import { isOnEngine } from "../stacks/target.ts";
import { reported, type ReportedStep, type Reporter } from "../stacks/reporter.ts";
import { baseImageStep } from "./baseImageStep.ts";
import { engineStep, remoteEngineStep } from "./engineStep.ts";
import { homeStep } from "./homeStep.ts";
import { SetupInterrupted, untilInterrupted } from "./interruption.ts";
import type { SetupOptions, SetupReport, SetupStep } from "./step.ts";
import { toolStep } from "./toolStep.ts";
import { awsPlugin, tools } from "./tools.ts";

export { cleanCaches } from "./cleanCaches.ts";
export { environment } from "./environment.ts";
export type { ImageSource, SetupOptions, SetupReport } from "./step.ts";

/**
 * Gets everything that Drydock needs of a machine and does not find. Says nothing when all is there.
 * @throws MachineError that says what was tried, what answered and what to do by hand; SetupInterrupted.
 */
export async function setup(options: SetupOptions): Promise<SetupReport> {
  const { install, imageSource = "auto", target = "container", reporter, home = homeFolder() } = options;
  // What hosts elsewhere are given is built on an engine.
  const onEngine = isOnEngine(target) || imageSource === "bootstrap";
  const { engineUrl = onEngine ? outerEngineUrl() : "" } = options;
  const report: SetupReport = { home, steps: [] };
  const steps = [
    homeStep(home),
    ...tools().map((tool) => toolStep(home, tool)),
    ...(target === "ec2" ? [toolStep(home, awsPlugin())] : []),
    ...(onEngine
      ? [
          isRemote(engineUrl) ? remoteEngineStep(engineUrl) : engineStep(home, install),
          baseImageStep({ home, install, imageSource, engineUrl }),
        ]
      : []),
  ];
  await untilInterrupted(async (signal) => {
    for (const step of steps) {
      const { title } = step;
      const there = await step.look();
      const detail = there ?? (await reported(reporter, title, (shown) => make(step, shown, reporter, signal), asItIs));
      report.steps.push({ title, detail, changed: there === undefined });
    }
  });
  return report;
}

const asItIs = (text: string) => text;

async function make(step: SetupStep, shown: ReportedStep, reporter: Reporter, signal: AbortSignal): Promise<string> {
  try {
    return await step.make({
      progress: (text) => shown.progress(text),
      note: (text) => reporter.note(text),
      signal,
    });
  } catch (error) {
    throw signal.aborted ? new SetupInterrupted(step.title) : error;
  }
}
