import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { inTime } from "../../engine/wait.ts";
import { MachineError } from "../../stacks/machineError.ts";
import type { Stack } from "../../stacks/stack.ts";
import { tunnelArguments, tunnelProgram, tunnelsOf } from "../../stacks/tunnels.ts";
import { problemOf } from "../componentStatus.ts";
import { LiveHosts } from "../liveHosts.ts";
import { pageOf } from "./pageOf.ts";

/** Longest that a tunnel may take to open, in milliseconds. */
const openMs = 20_000;

/** Longest that a page may take to answer, in seconds. */
const answerSec = 10;

/**
 * Makes a component's page reachable on this machine's loopback, through an SSH tunnel that goes on by itself until
 * `down`, or until its host goes. One that there is already is used.
 * @returns the page's address here.
 * @throws VisibleError for a component without a page; MachineError when its host or the page does not answer.
 */
export async function openTunnel(stack: Stack, component: string): Promise<URL> {
  const live = await LiveHosts.of(stack);
  const { host, url, probe } = pageOf(live.outputs, component);
  // What is wrong is told better from here than by the tunnel.
  const { code, stderr } = await live.run(host, `curl -ksS -o /dev/null --max-time ${answerSec} '${url.href}'`);
  if (code !== 0) {
    const problem = await problemOf(live, host, probe);
    throw new MachineError(`${component} on ${host} does not answer.`, { details: [problem ?? stderr.trim()] });
  }
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
