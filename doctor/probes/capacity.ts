import { checkCapacity, forecast } from "../../stacks/capacity.ts";
import { isOwn } from "../../stacks/labels.ts";
import type { Probe } from "../facts.ts";

/** Whether memory, disk and cores are enough for what is not there yet: what stands of a stack has taken its share. */
export const capacity: Probe = ({ engine, machine, world }, { plan }) => {
  const about = "capacity";
  if ("unseen" in machine) return [];
  const { memoryAvailableMib, diskFreeMib } = machine;
  const hosts = new Set(plan.hosts.map(({ container }) => container));
  const own = world.containers.filter(({ name, labels }) => hosts.has(name) && isOwn(labels, plan.labels));
  const made = new Set(own.map(({ name }) => name));
  const running = new Set(own.filter((container) => container.running).map(({ name }) => name));
  const there = { memoryAvailableMib, diskFreeMib, cpus: engine.cpus };
  const problems = checkCapacity(plan, there, { running, made });
  if (problems.length > 0) {
    return problems.map(({ what, unit, needed, available, fix }) => ({
      about: what,
      verdict: "problem",
      seen: `${available} ${unit} there, ${needed} needed`,
      fix,
    }));
  }
  if (running.size === hosts.size) return [{ about, verdict: "ok", seen: "the stack's hosts run already" }];
  const { memoryMib } = forecast(plan, running);
  const { diskMib } = forecast(plan, made);
  const seen = `memory ${memoryAvailableMib} MiB for ${memoryMib}, disk ${diskFreeMib} MiB for ${diskMib}`;
  return [{ about, verdict: "ok", seen }];
};
