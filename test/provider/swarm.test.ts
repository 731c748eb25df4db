import Docker from "dockerode";
import { afterEach, expect, test, vi } from "vitest";
import { connectSsh } from "../../engine/ssh.ts";
import { liveManager, membership, type Member } from "../../provider/resources/swarm.ts";
import { fakeEngine, type FakeEngine } from "../engine/fakeEngine.ts";

vi.mock(import("../../engine/ssh.ts"));

afterEach(() => {
  vi.restoreAllMocks();
});

/** Deadlines of 10 s, over in a second. */
function hurry(): void {
  const later = globalThis.setTimeout;
  vi.spyOn(globalThis, "setTimeout").mockImplementation((then, ms = 0) => later(then, ms / 10));
}

/** A member whose engine is that one. */
function memberOn({ socket }: FakeEngine, port: number): Member {
  vi.mocked(connectSsh).mockResolvedValueOnce({
    closed: false,
    engine: () => new Docker({ socketPath: socket }),
  } as Awaited<ReturnType<typeof connectSsh>>);
  const ssh = { host: "127.0.0.1", port, user: "root", hostKey: "", privateKey: "" };
  return { name: `m-${port}`, address: `10.0.0.${port}`, ssh };
}

test("a manager whose engine hangs does not hide the others", async () => {
  hurry();
  const hung = memberOn(await fakeEngine(() => undefined), 1);
  const well = memberOn(await fakeEngine(() => ({ status: 200, json: { ID: "s1" } })), 2);

  expect((await liveManager([hung, well]))?.swarm.ID).toBe("s1");
});

test("an engine that hangs is told from one that is in no Swarm", async () => {
  hurry();
  const { socket } = await fakeEngine(() => undefined);

  await expect(membership(new Docker({ socketPath: socket }))).rejects.toThrow(
    "the engine's answer to info has not ended within 10 s",
  );
});
