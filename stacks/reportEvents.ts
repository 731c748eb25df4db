import type { EngineEvent } from "./pulumiEvents.ts";
import type { ReportedStep, Reporter } from "./reporter.ts";

/** What the making of a resource is to a user; the rest takes no time. */
const titles: Record<string, (name: string) => string> = {
  "drydock:index:LabBridge": () => "Lab network",
  "docker:index/container:Container": () => "Registry",
  "drydock:index:HostContainer": (name) => `Host ${name}`,
  "drydock:index:HostReady": (name) => `Engine of ${name.replace(/-ready$/, "")}`,
  "drydock:index:SwarmNode": (name) => `Swarm node ${name.replace(/^swarm-/, "")}`,
  "drydock:index:LearnerStack": (name) => `Stack ${name}`,
  "drydock:index:SwarmService": (name) => `Service ${name}`,
  "drydock:index:SwarmNetwork": (name) => `Overlay network ${name}`,
};

/** Shows Pulumi's work on resources as steps. */
export function reportEvents(reporter: Reporter): (event: EngineEvent) => void {
  const steps = new Map<string, ReportedStep>();
  return ({ resourcePreEvent, resOutputsEvent, resOpFailedEvent }) => {
    const begun = resourcePreEvent?.metadata;
    const title = begun && titles[begun.type];
    if (title && begun.op !== "same" && begun.op !== "refresh") {
      const name = begun.urn.split("::").at(-1) ?? "";
      steps.set(begun.urn, reporter.step(`${title(name)}${verbs[begun.op] ?? ""}`));
    }
    const finished = resOutputsEvent ?? resOpFailedEvent;
    const urn = finished?.metadata.urn ?? "";
    if (resOpFailedEvent) steps.get(urn)?.fail("failed");
    else if (resOutputsEvent) steps.get(urn)?.done();
    if (finished) steps.delete(urn);
  };
}

const verbs: Record<string, string> = { update: ": repaired", delete: ": removed", replace: ": made anew" };
