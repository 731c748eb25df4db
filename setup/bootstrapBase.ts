import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { execa, ExecaError } from "execa";
import { readEvents } from "../images/engineStream.ts";
import { NotThisWay } from "./notThisWay.ts";
import type { Say } from "./step.ts";
import { canInstallPackages, installPackages } from "./systemPackages.ts";

/** Label that tells a bootstrapped image from one of a registry. */
export const originLabel = "drydock.origin";

/** Second name of a bootstrapped image, so that a list of images shows whose it is. */
const ownName = { repo: "drydock/base", tag: "bootstrap" };

const suite = "trixie";
const packages = ["mmdebstrap", "debian-archive-keyring"];
const deadlineMs = 10 * 60_000;

/** What images called "slim" leave out; copyright notices stay. */
const leftOut = ["/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/info/*"];

export interface BootstrapOptions {
  home: string;
  /** Whether mmdebstrap may be installed when it is missing. */
  install: boolean;
  say: Say;
}

/**
 * Makes a Debian base image from the distribution's packages, under a name of Docker Hub's but labelled as ours.
 * @throws NotThisWay when there is no mmdebstrap or it fails.
 */
export async function bootstrapBase(engine: Docker, image: string, options: BootstrapOptions): Promise<string> {
  const { home, say } = options;
  await ensureMmdebstrap(options);
  const archive = await newArchive(join(home, "cache"));
  try {
    await mmdebstrap(archive, say);
    say.progress("importing it");
    const [repo = "", tag = ""] = image.split(":");
    const stream = await engine.importImage(createReadStream(archive), {
      repo,
      tag,
      changes: [`LABEL drydock.image=base ${originLabel}=bootstrap`, `CMD ["bash"]`],
    });
    await readEvents(engine, stream);
    await engine.getImage(image).tag(ownName);
  } finally {
    await rm(archive, { force: true });
  }
  return `${image} from Debian packages`;
}

/** A name of its own: an mmdebstrap that outlived a killed set-up may still write to its own. */
async function newArchive(cache: string): Promise<string> {
  await mkdir(cache, { recursive: true, mode: 0o700 });
  const left = (await readdir(cache)).filter((name) => name.startsWith(`${suite}-`));
  for (const name of left) await rm(join(cache, name));
  return join(cache, `${suite}-${randomBytes(4).toString("hex")}.tar`);
}

async function ensureMmdebstrap({ install, say }: BootstrapOptions): Promise<void> {
  const { failed } = await execa("mmdebstrap", ["--version"], { reject: false, timeout: 10_000 });
  if (!failed) return;
  if (!canInstallPackages()) {
    throw new NotThisWay(
      "to bootstrap it with mmdebstrap",
      "there is none; it can be installed as root on Debian or Ubuntu",
    );
  }
  if (!install) {
    throw new NotThisWay(
      "to bootstrap it with mmdebstrap",
      `there is none, and --no-install: apt-get install ${packages.join(" ")}`,
    );
  }
  await installPackages(packages, say);
}

async function mmdebstrap(archive: string, { progress, signal }: Say): Promise<void> {
  const excludes = leftOut.map((path) => `--dpkgopt=path-exclude=${path}`);
  const keep = "--dpkgopt=path-include=/usr/share/doc/*/copyright";
  const child = execa("mmdebstrap", ["--variant=minbase", ...excludes, keep, suite, archive], {
    stdin: "ignore",
    timeout: deadlineMs,
    cancelSignal: signal,
    // It takes down what it mounted before it ends.
    forceKillAfterDelay: 60_000,
  });
  const said: string[] = [];
  try {
    for await (const line of child.iterable({ from: "stderr" })) {
      said.push(line);
      progress(`mmdebstrap: ${line.replace(/^I: /, "")}`);
    }
    await child;
  } catch (error) {
    const reason = error instanceof ExecaError && error.timedOut ? "it took more than 10 minutes" : said.join("\n");
    throw new NotThisWay("mmdebstrap", reason);
  }
}
