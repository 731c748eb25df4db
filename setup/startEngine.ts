import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { execa } from "execa";
import { outerEngineClient } from "../engine/outer.ts";
import { ping } from "../engine/ping.ts";
import { waitFor } from "../engine/wait.ts";
import { MachineError } from "../stacks/machineError.ts";
import type { Say } from "./step.ts";

/** Where dockerd, started without an init system, writes; its process number is in its usual /var/run/docker.pid. */
const logFile = "/var/log/dockerd.log";
const deadlineMs = 60_000;

/**
 * Starts the installed Docker engine, by systemd where that runs, and waits until it answers.
 * @throws MachineError with the end of its log.
 */
export async function startEngine({ note }: Say): Promise<void> {
  const systemd = existsSync("/run/systemd/system");
  note(systemd ? "Starting Docker with systemctl" : `Starting dockerd, which stays; its log is ${logFile}`);
  if (systemd) await execa("systemctl", ["enable", "--now", "docker"], { reject: false, timeout: deadlineMs });
  else spawnDetached();
  const engine = outerEngineClient();
  try {
    await waitFor({
      what: "dockerd",
      deadlineMs,
      everyMs: 250,
      look: async () => {
        try {
          await ping(engine, 5_000);
          return { value: true };
        } catch (error) {
          return { waiting: error instanceof Error ? error.message : String(error) };
        }
      },
    });
  } catch (error) {
    throw new MachineError("The Docker engine does not start", {
      details: [(error as Error).message, ...(await endOfLog(systemd))],
      fix: "start it by hand, as root: `dockerd`; what it says is the reason",
    });
  }
}

/** It outlives this command, and Ctrl-C in its terminal. */
function spawnDetached(): void {
  const log = openSync(logFile, "a", 0o640);
  // Debian has it in /usr/sbin, which the PATH of a plain `su` lacks.
  const PATH = `${process.env.PATH ?? ""}:/usr/sbin:/sbin`;
  spawn("dockerd", { detached: true, stdio: ["ignore", log, log], cwd: "/", env: { ...process.env, PATH } }).unref();
  closeSync(log);
}

async function endOfLog(systemd: boolean): Promise<string[]> {
  if (!systemd) return lastLines(existsSync(logFile) ? readFileSync(logFile, "utf8") : "");
  return lastLines((await execa("journalctl", ["-u", "docker", "-n", "12", "-o", "cat"], { reject: false })).stdout);
}

const lastLines = (text: string) => text.trim().split("\n").slice(-12);
