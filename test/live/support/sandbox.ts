import { copyFile, link, lstat, mkdir, mkdtemp, readdir, readlink, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { outerEngine } from "../../../engine/outer.ts";
import { outerEngineUrl } from "../../../engine/outerUrl.ts";
import { homeFolder, homeLabel } from "../../../stacks/home.ts";
import { labelledObjects } from "../../../stacks/inventory.ts";
import { label } from "../../../stacks/labels.ts";
import { makeOwnSettings } from "../../../stacks/stack.ts";
import { down } from "../../../stacks/teardown.ts";
import { silentReporter } from "../../../stacks/reporter.ts";
import { freePlace, type Place } from "./freePlace.ts";

/** A Drydock home and a user's home for the tests of one file; both go with the last test. */
export interface Sandbox {
  /** Holds the two homes. */
  root: string;
  /** DRYDOCK_HOME. */
  home: string;
  /** HOME; DOCKER_CONFIG is `.docker` in it, and temporary files go beside it. */
  user: string;
  /** Writes the settings of a stack, at addresses and ports that were free when it got its first ones. */
  configure(stack: string, settings: { lab: string } & Record<string, unknown>): Promise<Place>;
}

const inherited = ["PULUMI_HOME", "PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"];

/** Gives the tests of this file, and the processes that they start, homes of their own with the tools set up already. */
export function useSandbox(): Sandbox {
  const places = new Map<string, Place>();
  const sandbox: Sandbox = {
    root: "",
    home: "",
    user: "",
    async configure(stack, settings) {
      const place = places.get(stack) ?? (await freePlace(await outerEngine(), stack));
      places.set(stack, place);
      await makeOwnSettings(stack, { ...place, ...settings });
      return place;
    },
  };
  const before = { ...process.env };

  beforeAll(async () => {
    const engineUrl = outerEngineUrl();
    const tools = join(homeFolder(), "tools");
    sandbox.root = await mkdtemp(join(tmpdir(), "drydock-t7-"));
    sandbox.home = join(sandbox.root, "home");
    sandbox.user = join(sandbox.root, "user");
    const temporary = join(sandbox.root, "tmp");
    await mkdir(sandbox.user);
    await mkdir(temporary);
    await linkFolder(tools, join(sandbox.home, "tools"));
    for (const name of inherited) Reflect.deleteProperty(process.env, name);
    process.env.DRYDOCK_HOME = sandbox.home;
    process.env.HOME = sandbox.user;
    process.env.DOCKER_CONFIG = join(sandbox.user, ".docker");
    process.env.DOCKER_HOST = engineUrl;
    process.env.TMPDIR = temporary;
  });

  afterAll(async () => {
    try {
      for (const stack of await ownStacks()) await down(stack, { reporter: silentReporter });
      await rm(sandbox.root, { recursive: true, force: true });
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in before)) Reflect.deleteProperty(process.env, name);
      Object.assign(process.env, before);
    }
  });

  return sandbox;
}

/** What a failed test left. */
async function ownStacks(): Promise<Set<string>> {
  const objects = await labelledObjects(await outerEngine(), {});
  const ours = objects.filter(({ labels }) => labels[label.home] === homeLabel());
  return new Set(ours.map(({ labels }) => labels[label.stack] ?? ""));
}

/** Links files rather than copy them: the tools are hundreds of megabytes. */
async function linkFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const name of await readdir(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    const found = await lstat(source);
    if (found.isDirectory()) await linkFolder(source, target);
    else if (found.isSymbolicLink()) await symlink(await readlink(source), target);
    else await link(source, target).catch(() => copyFile(source, target));
  }
}
