import { join } from "node:path";
import { waitFor } from "../engine/wait.ts";
import { checkout, homeFolder } from "./home.ts";
import { end, processes } from "./processes.ts";

/** A process that leads a port of this machine's loopback to a component of a stack. */
export interface Tunnel {
  pid: number;
  stack: string;
  component: string;
  port: number;
}

/** Longest that a tunnel may take to end, in milliseconds. */
const endMs = 5_000;

/** The program that is a tunnel. */
export const tunnelProgram = join(checkout, "cli", "tunnel", "main.ts");

/** Its arguments: all that there is to know of a tunnel stands in the list of processes. */
export const tunnelArguments = ({ stack, component, port }: Omit<Tunnel, "pid">): string[] => [
  `--home=${homeFolder()}`,
  `--tunnel=${stack}/${component}/${port}`,
];

/** The tunnels of this home's stack of that name, or of all its stacks. */
export async function tunnelsOf(stack: string | undefined): Promise<Tunnel[]> {
  const ours = ` --home=${homeFolder()} --tunnel=`;
  const found = (await processes()).flatMap(({ pid, zombie, command }) => {
    const at = command.lastIndexOf(ours);
    const [owner, component, port] = command.slice(at + ours.length).split("/");
    if (at < 0 || zombie || owner === undefined || component === undefined) return [];
    return [{ pid, stack: owner, component, port: Number(port) }];
  });
  return found.filter((tunnel) => stack === undefined || tunnel.stack === stack);
}

/** Ends a stack's tunnels. @throws Error when one has not ended within 5 seconds. */
export async function closeTunnels(stack: string): Promise<void> {
  end(await tunnelsOf(stack));
  await waitFor<undefined>({
    what: `the tunnels of stack ${stack} to end`,
    deadlineMs: endMs,
    look: async () => {
      const left = await tunnelsOf(stack);
      if (left.length === 0) return { value: undefined };
      return { waiting: `process ${left.map(({ pid }) => pid).join(", ")} runs` };
    },
  });
}
