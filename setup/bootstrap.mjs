#!/usr/bin/env node
// Finds Node.js 24 or newer and hands over to start.ts on it. Plain JavaScript without dependencies: it must run on
// whatever Node.js there is, from 18 on.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { renameSync, rmSync, symlinkSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const oldest = 24;
const machineCannot = 3;
const folder = dirname(fileURLToPath(import.meta.url));
const store = join(resolve(process.env.DRYDOCK_HOME ?? join(folder, "..", ".drydock")), "node");
const windows = process.platform === "win32";

if (Number.parseInt(process.versions.node) >= oldest) {
  await import("./start.ts");
} else {
  run(nodeToRunOn());
}

function nodeToRunOn() {
  try {
    return installedNode() ?? installNode();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    return process.exit(machineCannot);
  }
}

/** Where the Node.js that setup/node pins is, or comes to be: a folder for each state of its lock file. */
function target() {
  const lock = readFileSync(join(folder, "node", "package-lock.json"));
  return join(store, createHash("sha256").update(lock).digest("hex").slice(0, 12));
}

function installedNode(root = target()) {
  const modules = join(root, "node_modules");
  if (!existsSync(modules)) return undefined;
  return readdirSync(modules)
    .map((name) => join(modules, name, "bin", windows ? "node.exe" : "node"))
    .find((file) => existsSync(file));
}

function installNode() {
  process.stderr.write(`Node.js ${process.versions.node} is too old: installing a newer one from npm in ${store}\n`);
  mkdirSync(store, { recursive: true, mode: 0o700 });
  const work = mkdtempSync(join(store, "new-"));
  try {
    for (const file of ["package.json", "package-lock.json"])
      copyFileSync(join(folder, "node", file), join(work, file));
    const npm = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=http"], {
      cwd: work,
      encoding: "utf8",
      shell: windows,
      timeout: 10 * 60_000,
    });
    const answer = npm.error?.message ?? `${npm.stdout}${npm.stderr}`;
    if (npm.error || npm.status !== 0) throw refusal(answer);
    if (!installedNode(work))
      throw refusal(`${answer}none for ${process.platform} on ${process.arch} came, or not as pinned`);
    keep(work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return installedNode();
}

/**
 * Puts a complete installation where it belongs, unless another process was faster, and tells the launcher of it.
 * @param {string} work
 */
function keep(work) {
  if (!existsSync(target())) renameSync(work, target());
  if (windows) return;
  const link = join(store, "bin", "node");
  mkdirSync(dirname(link), { recursive: true });
  const fresh = `${link}-${process.pid}`;
  symlinkSync(relative(dirname(link), installedNode()), fresh);
  renameSync(fresh, link);
}

/** @param {string} answered What npm said. */
function refusal(answered) {
  const lines = [
    `Node.js ${oldest} or newer could not be installed`,
    `  - tried \`npm ci\` with setup/node/package-lock.json`,
    ...answered
      .trim()
      .split("\n")
      .slice(-8)
      .map((line) => `  - it answered: ${line}`),
    `  Install Node.js ${oldest} or newer yourself, from https://nodejs.org/ or your system's packages, and try again.`,
  ];
  return new Error(lines.join("\n"));
}

/** @param {string} node The Node.js to run on. */
function run(node) {
  const child = spawn(node, [join(folder, "start.ts"), ...process.argv.slice(2)], { stdio: "inherit" });
  // A terminal's Ctrl-C reaches the child by itself; twice would mean "at once".
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? "SIGKILL"]));
}
