import { spawn } from "node:child_process";
import { closeSync, existsSync, fstatSync, openSync, readFileSync, rmSync } from "node:fs";
import { execa } from "execa";
import { outerEngineClient } from "../engine/outer.ts";
import { ping } from "../engine/ping.ts";
import { waitFor } from "../engine/wait.ts";
import { MachineError } from "../stacks/machineError.ts";
import type { Say } from "./step.ts";

/** Where dockerd, started without an init system, writes. */
const logFile = "/var/log/dockerd.log";
const pidFile = "/var/run/docker.pid";
const deadlineMs = 60_000;
const shownLines = 12;

/** Debian has dockerd in /usr/sbin, which the PATH of a plain `su` lacks. */
const PATH = `${process.env.PATH ?? ""}:/usr/sbin:/sbin`;

/** Whether dockerd is installed. */
export function hasEngine(): boolean {
  return PATH.split(":").some((folder) => folder !== "" && existsSync(`${folder}/dockerd`));
}

/** An engine that was told to start: why it will not answer, once that is known, and what it said. */
interface Starting {
  ended: () => string | undefined;
  log: () => Promise<string>;
}

/**
 * Starts the installed Docker engine, by systemd where that runs, and waits until it answers.
 * @throws MachineError with the end of its log.
 */
export async function startEngine({ note, progress, signal }: Say): Promise<void> {
  const starting = existsSync("/run/systemd/system") ? await startBySystemd(note) : startByHand(note);
  const engine = outerEngineClient();
  progress("waiting until it answers");
  try {
    await waitFor({
      what: "dockerd",
      deadlineMs,
      everyMs: 250,
      look: async () => {
        signal.throwIfAborted();
        const ended = starting.ended();
        try {
          await ping(engine, 5_000);
          return { value: true };
        } catch (error) {
          if (ended !== undefined) throw new Error(ended, { cause: error });
          return { waiting: error instanceof Error ? error.message : String(error) };
        }
      },
    });
  } catch (error) {
    throw new MachineError("The Docker engine does not start", {
      details: [(error as Error).message, ...endOf(await starting.log())],
      fix: "start it by hand, as root: `dockerd`; what it says is the reason",
    });
  }
}

const endOf = (log: string) => log.trim().split("\n").slice(-shownLines);

async function startBySystemd(note: Say["note"]): Promise<Starting> {
  note("Starting Docker with systemctl");
  const { failed, stderr } = await execa("systemctl", ["enable", "--now", "docker"], {
    reject: false,
    timeout: deadlineMs,
  });
  const lines = String(shownLines);
  return {
    ended: () => (failed ? `systemctl enable --now docker: ${stderr.trim()}` : undefined),
    log: async () => (await execa("journalctl", ["-u", "docker", "-n", lines, "-o", "cat"], { reject: false })).stdout,
  };
}

/** It outlives this command, and Ctrl-C in its terminal. */
function startByHand(note: Say["note"]): Starting {
  if (existsSync(pidFile) && isDockerd(readFileSync(pidFile, "utf8").trim())) {
    note("Waiting for a dockerd that runs already");
    return { ended: () => undefined, log: () => Promise.resolve(tail(0)) };
  }
  // A number that another process has by now would keep dockerd from starting.
  rmSync(pidFile, { force: true });
  note(`Starting dockerd, which stays; its log is ${logFile}`);
  const log = openSync(logFile, "a", 0o640);
  const before = fstatSync(log).size;
  let ended: string | undefined;
  spawn("dockerd", { detached: true, stdio: ["ignore", log, log], cwd: "/", env: { ...process.env, PATH } })
    .on("error", (error) => (ended = `dockerd cannot be run: ${error.message}`))
    .on("exit", (code, killer) => (ended = `dockerd ended with ${killer ?? `exit code ${code}`}`))
    .unref();
  closeSync(log);
  return { ended: () => ended, log: () => Promise.resolve(tail(before)) };
}

function isDockerd(pid: string): boolean {
  const name = `/proc/${pid}/comm`;
  return pid !== "" && existsSync(name) && readFileSync(name, "utf8").trim() === "dockerd";
}

/** What the log has from a byte on. */
const tail = (from: number) => (existsSync(logFile) ? readFileSync(logFile).subarray(from).toString("utf8") : "");
