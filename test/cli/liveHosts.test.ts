import { expect, onTestFinished, test, vi } from "vitest";
import { LiveHosts } from "../../cli/liveHosts.ts";
import { waitFor } from "../../engine/wait.ts";
import { fakeEngine } from "../engine/fakeEngine.ts";
import { sshServer, type SshServer } from "../engine/sshServer.ts";
import { upStack } from "./upStack.ts";

/** All connections to a host have ended: nothing keeps the command from exiting. */
const allClosed = (server: SshServer) =>
  waitFor<true>({
    what: "the connections to close",
    deadlineMs: 2_000,
    look: () => Promise.resolve(server.open() === 0 ? { value: true } : { waiting: `${server.open()} are open` }),
  });

test("an engine's error leaves no connection open, and the next question uses the same one", async () => {
  const engine = await fakeEngine(({ route }) =>
    route === "GET /nodes" ? { status: 503, json: { message: "no leader" } } : { status: 200, json: { Name: "m" } },
  );
  const server = await sshServer({ engineSocket: engine.socket });
  const hosts = await LiveHosts.of(await upStack([server.target]));

  await hosts.grade(async (context) => {
    const manager = context.host("manager-1");
    await expect(manager.engine("/nodes")).rejects.toThrow("no leader");
    await expect(manager.engine("/info")).resolves.toEqual({ Name: "m" });
  });

  await allClosed(server);
  expect(server.logins()).toBe(1);
});

test("a host whose connection broke is connected to anew", async () => {
  const server = await sshServer({
    exec: (command, channel) => {
      if (command === "break") return server.breakConnections();
      channel.exit(0);
      channel.end();
    },
  });
  const hosts = await LiveHosts.of(await upStack([server.target]));

  await hosts.grade(async (context) => {
    await expect(context.host("manager-1").run("break")).rejects.toThrow("the SSH connection broke");
    await expect(context.host("manager-1").run("true")).resolves.toMatchObject({ code: 0 });
  });

  await allClosed(server);
  expect(server.logins()).toBe(2);
});

test("a block on the learner's own machine has what `env` prints: the stack's names, and no other's passphrase", async () => {
  vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "another's");
  onTestFinished(() => void vi.unstubAllEnvs());
  const hosts = await LiveHosts.of(await upStack([]));
  const script = 'echo "$DRYDOCK_STACK $DRYDOCK_PREFIX $PULUMI_STACK ${PULUMI_CONFIG_PASSPHRASE-unset}"';
  const { stdout } = await hosts.runBlock("laptop", script, { timeoutSec: 10 });
  expect(stdout).toBe("dev drydock-dev dev unset");
});
