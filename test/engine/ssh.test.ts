import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { connectSsh, type SshSession, type SshTarget } from "../../engine/ssh.ts";
import { fakeEngine } from "./fakeEngine.ts";
import { keyPair, sshServer } from "./sshServer.ts";

async function connect(target: SshTarget): Promise<SshSession> {
  const session = await connectSsh(target, { deadlineMs: 5_000 });
  onTestFinished(() => session.close());
  return session;
}

async function listener(): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return server;
}

test("a command gets its input, and answers with its code and both outputs", async () => {
  const { target } = await sshServer({
    exec: (command, channel) => {
      let input = "";
      channel.on("data", (chunk: Buffer) => (input += chunk.toString()));
      channel.on("end", () => {
        channel.write(`${command} got ${input}`);
        channel.stderr.write("a warning");
        channel.exit(3);
        channel.end();
      });
    },
  });
  const session = await connect(target);
  const seen: string[] = [];

  const result = await session.run("cat", { stdin: "words", onStdout: (chunk) => seen.push(chunk.toString()) });

  expect(result).toEqual({ code: 3, stdout: "cat got words", stderr: "a warning" });
  expect(seen.join("")).toBe("cat got words");
});

test("a character that comes in two pieces is one character", async () => {
  const { target } = await sshServer({
    exec: (_command, channel) => {
      for (const byte of Buffer.from("é€😀")) channel.write(Buffer.from([byte]));
      channel.exit(0);
      channel.end();
    },
  });

  expect((await (await connect(target)).run("print")).stdout).toBe("é€😀");
});

test("a host with another key than the pinned one is refused before any login", async () => {
  const server = await sshServer();
  const target = { ...server.target, hostKey: keyPair().publicKey };

  await expect(connect(target)).rejects.toThrow(`SSH to root@127.0.0.1:${target.port}`);
  expect(server.attempts()).toBe(0);
});

test("a key that the host does not know is refused, and the host named", async () => {
  const { target } = await sshServer();

  await expect(connect({ ...target, privateKey: keyPair().privateKey })).rejects.toThrow(
    `SSH to root@127.0.0.1:${target.port}: All configured authentication methods failed`,
  );
});

test("a port where nobody listens is refused", async () => {
  const { target } = await sshServer();
  const server = await listener();
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));

  await expect(connect({ ...target, port })).rejects.toThrow(`SSH to root@127.0.0.1:${port}: connect ECONNREFUSED`);
});

test("a port where something listens and says nothing is given up at the deadline", async () => {
  const { target } = await sshServer();
  const { port } = (await listener()).address() as AddressInfo;

  await expect(connectSsh({ ...target, port }, { deadlineMs: 100 })).rejects.toThrow("Timed out");
});

test("a command that does not end is given up", async () => {
  const { target } = await sshServer({ exec: () => undefined });
  const session = await connect(target);

  await expect(session.run("sleep 1000", { timeoutMs: 50 })).rejects.toThrow("no answer within 0.05 s: sleep 1000");
});

test("a command to a host that is frozen is given up", async () => {
  const { target } = await sshServer({ frozen: true });
  const session = await connect(target);

  await expect(session.run("true", { timeoutMs: 50 })).rejects.toThrow("no answer within 0.05 s: true");
});

test("a connection that breaks ends the command it carries, and is closed", async () => {
  const server = await sshServer({ exec: () => server.breakConnections() });
  const session = await connect(server.target);
  expect(session.closed).toBe(false);

  await expect(session.run("docker load")).rejects.toThrow("the SSH connection broke during: docker load");
  expect(session.closed).toBe(true);
  await expect(session.run("true")).rejects.toThrow();
  await expect(session.engine().version()).rejects.toThrow();
});

test("the engine answers over its forwarded socket, many requests at once", async () => {
  const engine = await fakeEngine(({ query }) => ({ status: 200, json: { Version: query.get("t") ?? "28.0" } }));
  const { target } = await sshServer({ engineSocket: engine.socket });
  const docker = (await connect(target)).engine();

  const versions = await Promise.all(Array.from({ length: 30 }, () => docker.version()));

  expect(versions.map(({ Version }) => Version)).toEqual(Array(30).fill("28.0"));
});

test("a connection that breaks ends every request to its engine, those that wait for another among them", async () => {
  const asked = Promise.withResolvers<undefined>();
  const engine = await fakeEngine(() => {
    asked.resolve(undefined);
    return undefined;
  });
  const server = await sshServer({ engineSocket: engine.socket });
  const docker = (await connect(server.target)).engine();
  const requests = Promise.allSettled(Array.from({ length: 30 }, () => docker.version()));

  await asked.promise;
  server.breakConnections();

  expect((await requests).map(({ status }) => status)).toEqual(Array(30).fill("rejected"));
});

test("a frozen host whose connection breaks ends every request to its engine", async () => {
  const server = await sshServer({ frozen: true });
  const session = await connect(server.target);
  const requests = Promise.allSettled(Array.from({ length: 30 }, () => session.engine().version()));

  await expect(session.run("true", { timeoutMs: 50 })).rejects.toThrow("no answer");
  server.breakConnections();

  expect((await requests).map(({ status }) => status)).toEqual(Array(30).fill("rejected"));
});

test("an engine that is down is an error", async () => {
  const { target } = await sshServer();

  await expect((await connect(target)).engine().version()).rejects.toThrow("Channel open failure");
});

test("a connection that breaks ends the engine's request it carries", async () => {
  const engine = await fakeEngine(() => {
    server.breakConnections();
    return undefined;
  });
  const server = await sshServer({ engineSocket: engine.socket });
  const docker = (await connect(server.target)).engine();

  await expect(docker.version()).rejects.toThrow();
});

test("a connection is led to an address that the host reaches, and refused where nothing listens", async () => {
  const echo = (await listener()).on("connection", (socket: Socket) => void socket.pipe(socket));
  const { port } = echo.address() as AddressInfo;
  const { target } = await sshServer();
  const session = await connect(target);

  const channel = await session.forward("127.0.0.1", port);
  channel.end("words");
  expect(await text(channel)).toBe("words");

  echo.close();
  await expect(session.forward("127.0.0.1", port)).rejects.toThrow("Channel open failure");
});

test("the end of a connection is told", async () => {
  const server = await sshServer();
  const session = await connect(server.target);

  server.breakConnections();

  await session.ended;
  expect(session.closed).toBe(true);
});
