import { capabilities, type Capability } from "../../labs/lab.ts";
import { features } from "../features.ts";
import type { Finding, Probe, Wanted } from "../facts.ts";

const elsewhere = "Where the kernel cannot be changed, use an engine on another machine: `drydock:engine` names it.";

/**
 * What the hosts' kernel has of what labs use. What the lab needs is a problem when missing, what it wants a warning.
 * Virtual machines have a kernel of their own, which has all of it: their contract suite looks.
 */
export const kernel: Probe = ({ machine }, { lab, plan }) => {
  if (plan.target === "vm") {
    const all = capabilities.map((capability) => features[capability].name).join(", ");
    return [{ about: "kernel", verdict: "ok", seen: `the virtual machines' own, which has ${all}` }];
  }
  if ("unseen" in machine) {
    const fix = "Run `./drydock setup`, which gets what hosts are made from, and look again.";
    return [{ about: "kernel", verdict: "warning", seen: `could not be looked at: ${machine.unseen}`, fix }];
  }
  return capabilities.map((capability) => judge(capability, machine.capabilities[capability], lab));
};

function judge(capability: Capability, has: boolean, lab: Wanted["lab"]): Finding {
  const { name, without, fix } = features[capability];
  const about = `kernel: ${name}`;
  if (has) return { about, verdict: "ok", seen: "there" };
  if (lab.needs.includes(capability))
    return {
      about,
      verdict: "problem",
      seen: `missing, and ${lab.slug} needs it: ${without}`,
      fix: `${fix} ${elsewhere}`,
    };
  if (lab.wants.includes(capability))
    return {
      about,
      verdict: "warning",
      seen: `missing; ${lab.slug} works with less: ${without}`,
      fix: `${fix} ${elsewhere}`,
    };
  return { about, verdict: "ok", seen: `missing; ${lab.slug} does not use it` };
}
