// Plain JavaScript without dependencies: it runs on Node.js 18.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { installApart, NpmFailed, NpmInterrupted } from "./npmCi.mjs";

const folder = dirname(fileURLToPath(import.meta.url));
const pinned = join(folder, "node");
const { DRYDOCK_HOME: home = "" } = process.env;
const store = join(resolve(home === "" ? join(folder, "..", ".drydock") : home), "node");
const windows = process.platform === "win32";
const exitCode = { machine: 3, interrupted: 130 };

/** @param {string} text */
const say = (text) => process.stderr.write(`${text}\n`);

/** Runs start.ts on the Node.js that setup/node pins, which npm carries as a package, and ends as that ends. */
export async function runOnOwnNode() {
  try {
    run(installedNode() ?? (await installNode()));
  } catch (error) {
    if (process.argv.includes("--debug") || !(error instanceof Error)) throw error;
    if (error instanceof NpmFailed) say(refusal(error.details));
    else say(error instanceof NpmInterrupted ? error.message : refusal([error.message]));
    process.exitCode = error instanceof NpmInterrupted ? exitCode.interrupted : exitCode.machine;
  }
}

/** Where the pinned Node.js is, or comes to be: a folder for each state of its lock file and each platform. */
function target() {
  const lock = readFileSync(join(pinned, "package-lock.json"));
  const hash = createHash("sha256").update(lock).update(`${process.platform} ${process.arch}`).digest("hex");
  return join(store, hash.slice(0, 12));
}

function installedNode(root = target()) {
  const modules = join(root, "node_modules");
  if (!existsSync(modules)) return undefined;
  return readdirSync(modules)
    .map((name) => join(modules, name, "bin", windows ? "node.exe" : "node"))
    .find((file) => existsSync(file));
}

async function installNode() {
  say(`Node.js ${process.versions.node} is too old: installing a newer one from npm in ${store}`);
  mkdirSync(store, { recursive: true, mode: 0o700 });
  await installApart({ from: pinned, workPrefix: join(store, "new-"), say, keep });
  const node = installedNode();
  if (node === undefined) throw new Error(`npm has none for ${process.platform} on ${process.arch}`);
  return node;
}

/**
 * Puts a complete installation where it belongs, unless another process was faster, and tells the launcher of it.
 * @param {string} work
 */
function keep(work) {
  const made = installedNode(work);
  if (made === undefined) return;
  try {
    renameSync(work, target());
  } catch (error) {
    if (installedNode() === undefined) throw error;
  }
  if (windows) return;
  const link = join(store, "bin", "node");
  mkdirSync(dirname(link), { recursive: true });
  const fresh = `${link}-${process.pid}`;
  symlinkSync(relative(dirname(link), installedNode() ?? ""), fresh);
  renameSync(fresh, link);
}

/** @param {string[]} details */
function refusal(details) {
  return [
    "Node.js 24 or newer could not be installed",
    ...details.map((detail) => `  - ${detail}`),
    "  Install Node.js 24 or newer yourself, from https://nodejs.org/ or your system's packages, and try again.",
  ].join("\n");
}

/** @param {string} node The Node.js to run on. */
function run(node) {
  const child = spawn(node, [join(folder, "start.ts"), ...process.argv.slice(2)], { stdio: "inherit" });
  // A terminal's Ctrl-C reaches the child by itself; twice would mean "at once".
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  process.on("SIGTERM", () => child.kill("SIGTERM")).on("SIGHUP", () => child.kill("SIGHUP"));
  child.on("error", (error) => {
    say(`${node} does not run: ${error.message}\n  Remove ${store}, and try again.`);
    process.exit(exitCode.machine);
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? "SIGKILL"]));
}
