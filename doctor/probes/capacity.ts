import { checkCapacity, forecast } from "../../stacks/capacity.ts";
import { isOwn } from "../../stacks/labels.ts";
import type { Probe } from "../facts.ts";

/** Whether memory, disk and cores are enough. A stack that stands has taken its share already. */
export const capacity: Probe = ({ engine, machine, world }, { plan }) => {
  const about = "capacity";
  const stands = plan.hosts.every((host) =>
    world.containers.some(({ name, labels }) => name === host.container && isOwn(labels, plan.labels)),
  );
  if (stands) return [{ about, verdict: "ok", seen: "the stack's hosts are there already" }];
  if ("unseen" in machine) return [];
  const { memoryAvailableMib, diskFreeMib } = machine;
  const problems = checkCapacity(plan, { memoryAvailableMib, diskFreeMib, cpus: engine.cpus });
  if (problems.length > 0) {
    return problems.map(({ what, unit, needed, available, fix }) => ({
      about: what,
      verdict: "problem",
      seen: `${available} ${unit} there, ${needed} needed`,
      fix,
    }));
  }
  const { memoryMib, diskMib } = forecast(plan);
  const seen = `memory ${memoryAvailableMib} MiB for ${memoryMib}, disk ${diskFreeMib} MiB for ${diskMib}`;
  return [{ about, verdict: "ok", seen }];
};
