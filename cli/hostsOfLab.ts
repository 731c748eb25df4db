import type { Stack } from "../stacks/stack.ts";
import { VisibleError } from "../stacks/visibleError.ts";
import { LiveHosts } from "./liveHosts.ts";

/**
 * The hosts of a stack, for what goes by its lab's guide and checks.
 * @throws VisibleError when they are of another lab than the stack's file names now.
 */
export async function hostsOfLab(stack: Stack): Promise<LiveHosts> {
  const hosts = await LiveHosts.of(stack);
  const { lab } = hosts.outputs;
  if (lab === stack.lab.slug) return hosts;
  throw new VisibleError(`Stack ${stack.name} holds lab ${lab}, its file says ${stack.lab.slug}.`, {
    fix: `Run ./drydock up --stack ${stack.name} for ${stack.lab.slug}, or set drydock:lab back to ${lab}.`,
  });
}
