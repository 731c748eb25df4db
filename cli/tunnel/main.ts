// A tunnel, started by openTunnel.ts: it leads connections on a port of the loopback to a component's page, until it is
// ended or its host goes. Its arguments are those of stacks/tunnels.ts.
import { createServer, type Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import { LiveHosts } from "../liveHosts.ts";
import { openToLook } from "../openToLook.ts";
import { pageOf, portOf } from "./pageOf.ts";

const [stack = "", component = "", port = ""] = (process.argv.at(-1) ?? "").replace("--tunnel=", "").split("/");

const live = await LiveHosts.of(await openToLook(stack));
const { host, url } = pageOf(live.outputs, component);
const session = await live.connect(host);
const server = createServer((socket) => void lead(socket));
server.once("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
server.listen(Number(port), "127.0.0.1", () => process.stdout.write("open\n"));
await session.ended;
process.exit();

async function lead(socket: Socket): Promise<void> {
  try {
    await pipeline(socket, await session.forward(url.hostname, portOf(url)), socket);
  } catch {
    // The browser went away, or nothing listens there: either way this one connection is over.
    socket.destroy();
  }
}
