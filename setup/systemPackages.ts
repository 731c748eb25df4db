import { existsSync, readFileSync } from "node:fs";
import { execa } from "execa";
import { MachineError } from "../stacks/machineError.ts";
import type { Say } from "./step.ts";

const deadlineMs = 15 * 60_000;
const lock = { deadlineMs: 120_000, everyMs: 1_000 };

/** Whether this is Debian, Ubuntu or another of the family, and we are root: packages can be installed. */
export function canInstallPackages(osRelease = "/etc/os-release"): boolean {
  if (process.getuid?.() !== 0 || !existsSync(osRelease)) return false;
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync(osRelease, "utf8"));
}

/**
 * Installs packages of the distribution, after saying so.
 * @throws MachineError with the end of what apt-get said.
 */
export async function installPackages(names: string[], say: Say): Promise<void> {
  say.note(`Installing ${names.join(" and ")} with apt-get`);
  await aptGet(["update"], say);
  await aptGet(["install", "--yes", ...names], say);
}

async function aptGet(args: string[], { progress, signal }: Say): Promise<void> {
  progress(`apt-get ${args.join(" ")}`);
  const end = performance.now() + lock.deadlineMs;
  for (;;) {
    const { failed, answer } = await runAptGet(args, signal);
    if (!failed) return;
    // Its own waiting is for dpkg's lock alone.
    if (!answer.includes("Could not get lock") || signal.aborted || performance.now() > end) {
      throw new MachineError(`\`apt-get ${args.join(" ")}\` failed`, {
        details: answer.split("\n").slice(-8),
        fix: "run that command by hand until it works, then try again",
      });
    }
    progress("waiting for another apt-get to end");
    await new Promise((resolve) => setTimeout(resolve, lock.everyMs));
  }
}

async function runAptGet(args: string[], signal: AbortSignal): Promise<{ failed: boolean; answer: string }> {
  const { failed, all, shortMessage } = await execa("apt-get", ["-o", "DPkg::Lock::Timeout=120", ...args], {
    env: { DEBIAN_FRONTEND: "noninteractive" },
    all: true,
    reject: false,
    stdin: "ignore",
    timeout: deadlineMs,
    cancelSignal: signal,
    // Killed at once it would leave packages half installed.
    forceKillAfterDelay: 60_000,
  });
  return { failed, answer: all.trim() || (shortMessage ?? "") };
}
