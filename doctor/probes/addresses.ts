import { findClashes } from "../../stacks/clashes.ts";
import type { Probe } from "../facts.ts";

/** Whether the stack's names, addresses and ports are free; who has them, where they are not. */
export const addresses: Probe = ({ world }, { plan }) => {
  const clashes = findClashes(plan, world);
  const ports = plan.hosts.map(({ sshPort }) => sshPort);
  if (clashes.length > 0) {
    return clashes.map(({ ours, holder, fix }) => ({
      about: ours,
      verdict: "problem",
      seen: `taken by ${holder}`,
      fix,
    }));
  }
  const { length: networks } = world.networks;
  const seen = `nothing else has ${plan.addresses} or ports ${ports[0]} to ${ports.at(-1)}; the engine has ${networks} networks`;
  return [{ about: "addresses", verdict: "ok", seen }];
};
