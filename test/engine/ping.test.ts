import { createServer } from "node:net";
import { join } from "node:path";
import Docker from "dockerode";
import { expect, onTestFinished, test } from "vitest";
import { ping } from "../../engine/ping.ts";
import { temporaryFolder } from "../temporaryFolder.ts";
import { fakeEngine } from "./fakeEngine.ts";

test("an engine that answers is there", async () => {
  const { socket } = await fakeEngine(() => ({ status: 200, json: "OK" }));

  await ping(new Docker({ socketPath: socket }));
});

test("one that refuses is told as it said it", async () => {
  const { socket } = await fakeEngine(() => ({ status: 500, json: { message: "the disk is full" } }));

  await expect(ping(new Docker({ socketPath: socket }))).rejects.toThrow("the disk is full");
});

test("one that takes the connection and says nothing is given up, and hung up on", async () => {
  const socketPath = join(await temporaryFolder(), "engine.sock");
  const hungUp = Promise.withResolvers<boolean>();
  const server = createServer((connection) => connection.on("close", () => hungUp.resolve(true)).resume());
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  onTestFinished(() => void server.close());

  await expect(ping(new Docker({ socketPath }), 50)).rejects.toThrow("no answer within 0.05 s");
  await hungUp.promise;
});
