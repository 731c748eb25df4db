// Plain JavaScript without dependencies: it runs on Node.js 18, and before any package is there.
import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

const deadlineMs = 10 * 60_000;
const progressMs = 5_000;
const windows = process.platform === "win32";
/** Node.js needs no build tools then, and dev packages come whatever NODE_ENV says. */
const command = ["npm", "ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund", "--loglevel=http"];

/** npm did not install what it should: what was tried and what answered, a line each. */
export class NpmFailed extends Error {
  /**
   * @param {string} folder
   * @param {string} answer
   */
  constructor(folder, answer) {
    const lines = answer.trim().split("\n");
    const telling = lines.filter((line) => !line.startsWith("npm http "));
    super(`npm failed in ${folder}`);
    this.details = [
      `tried \`npm ci\` with ${join(folder, "package-lock.json")}`,
      ...(telling.length > 0 ? telling : lines).slice(-8).map((line) => `it answered: ${line}`),
    ];
  }
}

/** The user ended it. */
export class NpmInterrupted extends Error {
  constructor() {
    super("Interrupted: npm was ended, and nothing half-made is left. The next command begins it anew.");
  }
}

/**
 * Installs packages exactly as a lock file says, in a folder of their own, so that nobody ever sees half of them.
 * @param {object} options
 * @param {string} options.from Folder of package.json and package-lock.json.
 * @param {string} options.workPrefix Path that the new folder's begins with, on the file system where the packages belong.
 * @param {(text: string) => void} options.say
 * @param {(folder: string) => void} options.keep Moves node_modules of the new folder to where they belong.
 * @throws {NpmFailed | NpmInterrupted}
 */
export async function installApart({ from, workPrefix, say, keep }) {
  removeLeft(workPrefix);
  const work = mkdtempSync(workPrefix);
  try {
    for (const name of ["package.json", "package-lock.json", ".npmrc"])
      if (existsSync(join(from, name))) copyFileSync(join(from, name), join(work, name));
    await npmCi(work, from, say);
    keep(work);
  } finally {
    remove(work);
  }
}

/**
 * Removes what killed set-ups left; one that still runs is younger than its deadline.
 * @param {string} prefix
 */
function removeLeft(prefix) {
  const parent = join(prefix, "..");
  const names = readdirSync(parent).filter((name) => join(parent, name).startsWith(prefix));
  for (const left of names.map((name) => join(parent, name)))
    if (Date.now() - statSync(left).mtimeMs > 1.5 * deadlineMs) remove(left);
}

/** @param {string} folder */
const remove = (folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });

/**
 * @param {string} work
 * @param {string} from What errors name.
 * @param {(text: string) => void} say
 */
async function npmCi(work, from, say) {
  const start = Date.now();
  let answer = "";
  let ended = "";
  /** @param {string} why */
  const end = (why) => {
    ended ||= why;
    kill(child);
  };
  const interrupt = () => end("interrupted");
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, interrupt);
  const child = windows
    ? spawn(command.join(" "), { cwd: work, shell: true, stdio: ["ignore", "pipe", "pipe"] })
    : spawn(command[0] ?? "", command.slice(1), { cwd: work, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const deadline = setTimeout(() => end(`it was not done after ${deadlineMs / 60_000} minutes`), deadlineMs);
  const progress = setInterval(() => {
    const fetched = answer.match(/^npm http fetch GET 200 /gm)?.length ?? 0;
    say(`npm: ${fetched} fetched so far (${Math.round((Date.now() - start) / 1_000)} s)`);
  }, progressMs);
  try {
    /** @type {number | null} */
    const code = await new Promise((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (/** @type {string} */ text) => (answer += text));
      child.on("error", reject).on("close", resolve);
    });
    if (ended === "interrupted") throw new NpmInterrupted();
    if (code !== 0) throw new NpmFailed(from, ended || answer || `exit code ${code}`);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    throw new NpmFailed(
      from,
      "there is no `npm` on PATH: it comes with Node.js from nodejs.org; Debian and Ubuntu have it as a package of its own, npm",
    );
  } finally {
    clearTimeout(deadline);
    clearInterval(progress);
    for (const signal of signals) process.off(signal, interrupt);
  }
}

/**
 * Ends npm and what it started, at once: asked to end it would go on for a minute, and its folder goes anyway.
 * @param {import("node:child_process").ChildProcess} child
 */
function kill(child) {
  if (windows || child.pid === undefined) child.kill();
  else process.kill(-child.pid, "SIGKILL");
}
