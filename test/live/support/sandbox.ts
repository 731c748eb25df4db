import { copyFile, link, lstat, mkdir, mkdtemp, readdir, readlink, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { outerEngine } from "../../../engine/outer.ts";
import { outerEngineUrl } from "../../../engine/outerUrl.ts";
import { homeFolder } from "../../../stacks/home.ts";
import { labelledObjects } from "../../../stacks/inventory.ts";
import { homeOf, label } from "../../../stacks/labels.ts";
import { makeOwnSettings } from "../../../stacks/stack.ts";
import { down } from "../../../stacks/teardown.ts";
import { silentReporter } from "../../../stacks/reporter.ts";
import { reapKilledRuns } from "./reap.ts";
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
    await reapKilledRuns();
    const engineUrl = outerEngineUrl();
    const tools = join(homeFolder(), "tools");
    sandbox.root = await mkdtemp(join(tmpdir(), `drydock-t7-${process.pid}-`));
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
      expect(await takeAllDown(sandbox)).toEqual([]);
      await rm(sandbox.root, { recursive: true, force: true });
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in before)) Reflect.deleteProperty(process.env, name);
      Object.assign(process.env, before);
    }
  });

  return sandbox;
}

/** Takes down what failed tests left; answers what could not be removed. */
async function takeAllDown({ home }: Sandbox): Promise<string[]> {
  const objects = await labelledObjects(await outerEngine(), {});
  const ours = objects.filter(({ labels }) => homeOf(labels[label.home] ?? "").path === home);
  const stacks = new Set(ours.map(({ labels }) => labels[label.stack] ?? ""));
  const left: string[] = [];
  for (const stack of stacks) {
    await down(stack, { reporter: silentReporter }).then(
      (report) => left.push(...report.left.map(({ kind, name }) => `${kind} ${name}`)),
      (error: unknown) => left.push(`stack ${stack}: ${String(error)}`),
    );
  }
  return left;
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
