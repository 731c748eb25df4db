import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { vi } from "vitest";
import { temporaryFolder } from "../temporaryFolder.ts";

export interface FakeSsh {
  /** Socket of the engine that the machine has. */
  engineSocket?: string;
  /** What it says in place of connecting. */
  refusal?: string;
}

/**
 * Puts a stand-in for OpenSSH first on PATH, for which this machine is every other: it leads -W to an address, a Docker
 * client's dial-stdio to a socket, and hands any other command to the shell. The caller takes the stubs away.
 */
export async function fakeSsh({ engineSocket = "", refusal = "" }: FakeSsh = {}): Promise<void> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "ssh"), `#!${process.execPath}\n${program}`, { mode: 0o755 });
  vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
  vi.stubEnv("DRYDOCK_HOME", join(folder, "home"));
  vi.stubEnv("FAKE_ENGINE", engineSocket);
  vi.stubEnv("FAKE_REFUSAL", refusal);
}

const program = `
const { connect } = require("node:net");
const { spawnSync } = require("node:child_process");
const args = process.argv.slice(2);
const fail = (words) => { process.stderr.write(words + "\\n"); process.exit(255); };
if (process.env.FAKE_REFUSAL) fail(process.env.FAKE_REFUSAL);
const lead = (where) => {
  const socket = connect(where).on("error", (error) => fail(error.message)).on("close", () => process.exit());
  process.stdin.pipe(socket).pipe(process.stdout);
};
if (args.includes("-W")) {
  const [host, port] = args[args.indexOf("-W") + 1].split(":");
  lead({ host, port: Number(port) });
} else if (args.at(-1) === "dial-stdio") lead({ path: process.env.FAKE_ENGINE });
else process.exit(spawnSync("sh", ["-c", args.at(-1)], { stdio: "inherit" }).status ?? 255);
`;
