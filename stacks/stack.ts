import { join } from "node:path";
import { parse } from "yaml";
import { readIfThere, writePrivateFile } from "../access/privateFile.ts";
import { outerEngineUrl } from "../engine/outerUrl.ts";
import { labs, loadLab } from "../labs/index.ts";
import type { Lab } from "../labs/lab.ts";
import { isCohort, parseConfig, type StackConfig } from "./config.ts";
import { checkout, homeFolder, homeLabel, stackFolder } from "./home.ts";
import { MachineError } from "./machineError.ts";
import { stackOutputs, type StackOutputs } from "./outputs.ts";
import { planStack, type Plan } from "./plan.ts";
import { project } from "./project.ts";
import type { Target } from "./pulumi.ts";
import { readStackFile } from "./stackFile.ts";
import { readState } from "./stateFile.ts";
import { VisibleError } from "./visibleError.ts";

/** A stack: what is configured, what is planned, and what is up. */
export interface Stack {
  name: string;
  project: string;
  config: StackConfig;
  lab: Lab;
  plan: Plan;
  /** Its own folder in the home: key, ssh_config, known_hosts. There while it is up. */
  folder: string;
  /** URL of the engine that its settings put it on. @throws MachineError when they leave it to the local one, and that cannot be told. */
  engineUrl: () => string;
  /** @throws VisibleError when the stack is not up; MachineError when another version of Drydock brought it up. */
  outputs(): Promise<StackOutputs>;
}

/** A stack's settings as its user writes them: beside Pulumi.yaml, or in the home for one that a command made. */
export const settingsFile = (stack: string) => join(checkout, `Pulumi.${stack}.yaml`);
export const pulumiSettingsFile = (stack: string) => join(homeFolder(), "settings", `Pulumi.${stack}.yaml`);
export const ownSettingsFile = (stack: string) => join(homeFolder(), "settings", `${stack}.yaml`);

/** Makes a stack that lives in the home alone, as `verify` needs. */
export async function makeOwnSettings(stack: string, settings: Record<string, unknown>): Promise<void> {
  const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`drydock:${key}`, value]));
  await writePrivateFile(ownSettingsFile(stack), JSON.stringify({ config }));
}

/**
 * Opens a stack by its name: reads and checks its settings, and plans it.
 * @param now What an expiry is held against; `new Date(0)` for what only looks or removes.
 * @throws ConfigError, or VisibleError when there are no settings.
 */
export async function openStack(name: string, now = new Date()): Promise<Stack> {
  const file = await settingsText(name);
  if (file === undefined) {
    throw new VisibleError(`There is no stack ${name}: no file Pulumi.${name}.yaml.`, {
      fix: `Write it with two lines, "config:" and "  drydock:lab: SLUG"; the labs are: ${Object.keys(labs).sort().join(", ")}.`,
    });
  }
  const { raw, lineOf } = readStackFile(file, `Pulumi.${name}.yaml`);
  if (isCohort(raw)) {
    throw new VisibleError(`Stack ${name} is a cohort: it has learners.`, {
      fix: `\`./drydock cohort plan\` and \`./drydock cohort status --stack ${name}\` show the learners' stacks; each can be named by --stack.`,
    });
  }
  const config = parseConfig(raw, { stack: name, labs: Object.keys(labs), now, lineOf });
  const { lab } = loadLab(config.lab);
  const plan = planStack({ project, stack: name, config, lab, home: homeLabel() });
  const engineUrl = () => config.engine ?? outerEngineUrl();
  return { name, project, config, lab, plan, folder: stackFolder(name), engineUrl, outputs: () => readOutputs(name) };
}

/**
 * The settings file that Pulumi is given: the user's, with the salt of this home's passphrase, which Pulumi would
 * otherwise write into the user's. A salt that is in the user's may be of another passphrase, as of who shared the file.
 */
export async function pulumiSettings(name: string): Promise<string> {
  const path = pulumiSettingsFile(name);
  const before = parse((await readIfThere(path)) ?? "") as { encryptionsalt?: string } | null;
  const user = parse((await settingsText(name)) ?? "") as object | null;
  const settings = { ...user, encryptionsalt: before?.encryptionsalt };
  await writePrivateFile(path, JSON.stringify(settings, undefined, 2));
  return path;
}

/** The stack as Pulumi's operations take it. */
export async function pulumiTarget(name: string): Promise<Target> {
  return { stack: name, configFile: await pulumiSettings(name) };
}

/** Whether a stack is a cohort by its settings; false where there are none, or none that can be read. */
export async function isCohortStack(name: string): Promise<boolean> {
  const text = await settingsText(name);
  try {
    return text !== undefined && isCohort(readStackFile(text, name).raw);
  } catch {
    return false;
  }
}

/** Whether a stack has settings, and so can be opened. */
export async function hasSettings(name: string): Promise<boolean> {
  return (await settingsText(name)) !== undefined;
}

/** The text of a stack's settings, or undefined when it has none. */
export async function settingsText(name: string): Promise<string | undefined> {
  return (await readIfThere(settingsFile(name))) ?? (await readIfThere(ownSettingsFile(name)));
}

async function readOutputs(name: string): Promise<StackOutputs> {
  const { outputs } = await readState(project, name);
  // An `up` that was cut off has none, or none of these: its last step is to record them.
  if (!outputs || Object.keys(outputs).length === 0)
    throw new VisibleError(`Stack ${name} is not up.`, { fix: `Run: ./drydock up --stack ${name}` });
  const { data, error } = stackOutputs.safeParse(outputs);
  if (data) return data;
  throw new MachineError(`What stack ${name} recorded is of another version of Drydock.`, {
    details: error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`),
    fix: `Run: ./drydock up --stack ${name}`,
  });
}
