import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { run } from "../../cli/run.ts";
import { setup } from "../../setup/index.ts";
import { SetupInterrupted } from "../../setup/interruption.ts";
import { makeOwnSettings } from "../../stacks/stack.ts";
import { temporaryFolder } from "../temporaryFolder.ts";
import { fakeTerminal } from "./fakeTerminal.ts";

vi.mock("../../setup/index.ts", () => ({
  setup: vi.fn(() => Promise.resolve({ home: "", steps: [] })),
  cleanCaches: vi.fn(),
}));

beforeEach(async () => vi.stubEnv("DRYDOCK_HOME", await temporaryFolder()));
afterEach(() => vi.unstubAllEnvs());

test("setup takes the base image from where the stack's settings say, and from anywhere without a stack", async () => {
  await makeOwnSettings("offline", { lab: "swarm-basics", images: "bootstrap" });
  expect(await run(["setup", "--stack", "offline"], fakeTerminal())).toBe(0);
  expect(setup).toHaveBeenLastCalledWith(expect.objectContaining({ imageSource: "bootstrap", install: true }));
  expect(await run(["setup", "--stack", "nowhere", "--no-install"], fakeTerminal())).toBe(0);
  expect(setup).toHaveBeenLastCalledWith(expect.objectContaining({ imageSource: "auto", install: false }));
});

test.each([
  [["up", "--no-install", "--stack", "offline"]],
  [["verify", "swarm-basics", "--no-install"]],
  [["test", "--unit", "--no-install"]],
  [["bench", "--no-install"]],
])("%j installs no package", async (argv) => {
  await makeOwnSettings("offline", { lab: "swarm-basics" });
  vi.mocked(setup).mockRejectedValueOnce(new Error("far enough"));
  expect(await run(argv, fakeTerminal())).toBe(3);
  expect(setup).toHaveBeenLastCalledWith(expect.objectContaining({ install: false }));
});

test("a set-up that was interrupted ends with 130, and says what to do next", async () => {
  vi.mocked(setup).mockRejectedValueOnce(new SetupInterrupted("Base image"));
  const terminal = fakeTerminal();
  expect(await run(["setup", "--stack", "nowhere"], terminal)).toBe(130);
  expect(terminal.written.err).toMatch(/interrupted at: Base image[\s\S]*Run the same command again/);
});
