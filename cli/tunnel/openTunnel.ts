import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { inTime } from "../../engine/wait.ts";
import { MachineError } from "../../stacks/machineError.ts";
import type { Stack } from "../../stacks/stack.ts";
import { tunnelArguments, tunnelProgram, tunnelsOf } from "../../stacks/tunnels.ts";
import { LiveHosts } from "../liveHosts.ts";
import { pageOf } from "./pageOf.ts";

/** Longest that a tunnel may take to open, in milliseconds. */
const openMs = 20_000;

/**
 * Makes a component's page reachable on this machine's loopback, through an SSH tunnel that goes on by itself until
 * `down`, or until its host goes. One that there is already is used.
 * @returns the page's address here.
 * @throws VisibleError for a component without a page; MachineError when its host does not answer.
 */
export async function openTunnel(stack: Stack, component: string): Promise<URL> {
  const live = await LiveHosts.of(stack);
  const { host, url } = pageOf(live.outputs, component);
  // What is wrong with the host is told better from here.
  (await live.connect(host)).close();
  const known = (await tunnelsOf(stack.name)).find((tunnel) => tunnel.component === component);
  const port = known?.port ?? (await startTunnel(stack.name, component));
  const here = new URL(url);
  here.host = `127.0.0.1:${port}`;
  return here;
}

async function startTunnel(stack: string, component: string): Promise<number> {
  const port = await freePort();
  const args = [...process.execArgv, tunnelProgram, ...tunnelArguments({ stack, component, port })];
  const child = spawn(process.execPath, args, { detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const failure = Promise.all([text(child.stderr), once(child, "exit")]).then(([said]) => {
    throw new MachineError(`The tunnel to ${component} did not open.`, { details: said.trim().split("\n") });
  });
  try {
    await inTime(`opening a tunnel to ${component}`, openMs, Promise.race([once(child.stdout, "data"), failure]));
  } catch (error) {
    child.kill();
    throw error;
  }
  failure.catch(() => undefined);
  child.stdout.destroy();
  child.stderr.destroy();
  child.unref();
  return port;
}

/** A port of the loopback that nothing listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
