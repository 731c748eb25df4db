import { createReadStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
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
  const {
    home,
    say: { progress },
  } = options;
  await ensureMmdebstrap(options);
  const archive = join(home, "cache", `${suite}.tar`);
  await mkdir(join(home, "cache"), { recursive: true });
  try {
    await mmdebstrap(archive, progress);
    progress("importing it");
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

async function mmdebstrap(archive: string, progress: (text: string) => void): Promise<void> {
  const excludes = leftOut.map((path) => `--dpkgopt=path-exclude=${path}`);
  const keep = "--dpkgopt=path-include=/usr/share/doc/*/copyright";
  const child = execa("mmdebstrap", ["--variant=minbase", ...excludes, keep, suite, archive], {
    stdin: "ignore",
    timeout: deadlineMs,
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
