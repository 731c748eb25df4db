import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { readIfThere, writePrivateFile } from "../access/privateFile.ts";
import type { Reach } from "../provider/machine/session.ts";
import { homeFolder } from "./home.ts";
import { MachineError } from "./machineError.ts";

const machineLogin = z.object({ user: z.string(), host: z.string(), port: z.number(), hostKey: z.string() });

/** The part of Pulumi's checkpoint, as its file backend keeps it, that we read. */
const checkpoint = z.object({
  checkpoint: z.object({
    latest: z
      .object({
        resources: z
          .array(
            z.object({
              type: z.string(),
              custom: z.boolean().optional(),
              deletedWith: z.string().optional(),
              id: z.string().optional(),
              inputs: z
                .looseObject({
                  engineUrl: z.string().optional(),
                  region: z.unknown().optional(),
                  login: machineLogin.optional().catch(undefined),
                  identity: z.string().optional().catch(undefined),
                })
                .optional(),
              outputs: z.unknown().optional(),
            }),
          )
          .nullish(),
        /** What an `up` or `down` that was cut off was at. */
        pending_operations: z.array(z.unknown()).nullish(),
      })
      .nullish(),
  }),
});

/** What Pulumi's state says of a stack. */
export interface State {
  /** Whether the stack is known at all. */
  exists: boolean;
  /** Ids of the objects it manages. */
  ids: Set<string>;
  /** Types of its resources, components and those apart that go with another. */
  types: Set<string>;
  /** Outputs of the program; undefined until an `up` has run to its end. Secrets in them are encrypted. */
  outputs: unknown;
  /** URL of the engine that its hosts are on, when it has any. */
  engineUrl: string | undefined;
  /** Region of EC2 that its hosts are in, when it has any. */
  region: string | undefined;
  /** Machines that are its hosts. */
  machines: Reach[];
  /** Whether Pulumi was cut off, so that there may be more than it knows. */
  interrupted: boolean;
}

/** Path of a stack's checkpoint. */
export function stateFile(project: string, stack: string): string {
  return join(homeFolder(), "state", ".pulumi", "stacks", project, `${stack}.json`);
}

/** A checkpoint, its backup, their attributes, and what was being written when Pulumi was killed. */
const checkpointFile = /^(.+)\.json(?:\.bak)?(?:\.attrs)?(?:\.[0-9a-f]+\.tmp)?$/;

/** The stack that a file beside the checkpoints belongs to; undefined for one that is none of theirs. */
export const stackOfFile = (name: string): string | undefined => checkpointFile.exec(name)?.[1];

/** All that Pulumi's file backend has of a stack: checkpoints, history, backups and locks. */
export async function statePaths(project: string, stack: string): Promise<string[]> {
  const root = join(homeFolder(), "state", ".pulumi");
  const folder = dirname(stateFile(project, stack));
  const files = (await readdir(folder).catch(() => [])).filter((name) => stackOfFile(name) === stack);
  return [
    ...files.map((name) => join(folder, name)),
    ...["history", "backups"].map((kind) => join(root, kind, project, stack)),
    join(root, "locks", "organization", project, stack),
  ].filter(existsSync);
}

/** Makes a stack known to Pulumi by an empty checkpoint: all that `pulumi stack init` would take half a second for. */
export async function makeState(project: string, stack: string): Promise<void> {
  const state = { version: 3, checkpoint: { stack: `organization/${project}/${stack}`, latest: null } };
  await writePrivateFile(stateFile(project, stack), JSON.stringify(state));
}

/**
 * Reads a stack's state without Pulumi, which takes longer to start than all the rest of a look.
 * @throws MachineError when the file is none of Pulumi's.
 */
export async function readState(project: string, stack: string): Promise<State> {
  const text = await readIfThere(stateFile(project, stack));
  if (text === undefined) {
    return {
      exists: false,
      ids: new Set(),
      types: new Set(),
      outputs: undefined,
      engineUrl: undefined,
      region: undefined,
      machines: [],
      interrupted: false,
    };
  }
  const { latest } = parsed(text, project, stack).checkpoint;
  const resources = latest?.resources ?? [];
  const outputs = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs;
  const engineUrl = resources.find(({ inputs }) => inputs?.engineUrl !== undefined)?.inputs?.engineUrl;
  const provider = resources.find(({ type }) => type === "pulumi:providers:aws");
  const interrupted = (latest?.pending_operations ?? []).length > 0;
  const region =
    interrupted || resources.some(({ type }) => type.startsWith("aws:")) ? provider?.inputs?.region : undefined;
  const standing = resources.filter(({ custom, deletedWith }) => custom && !deletedWith);
  return {
    exists: true,
    ids: new Set(resources.flatMap(({ id }) => (id ? [id] : []))),
    types: new Set(standing.map(({ type }) => type)),
    outputs,
    engineUrl,
    region: typeof region === "string" ? region : undefined,
    machines: resources.flatMap(({ type, inputs: { login, identity } = {} }) =>
      type === "drydock:index:Machine" && login && identity ? [{ login, identity }] : [],
    ),
    interrupted,
  };
}

function parsed(text: string, project: string, stack: string): z.infer<typeof checkpoint> {
  try {
    return checkpoint.parse(JSON.parse(text));
  } catch (error) {
    throw new MachineError(`The state of stack ${stack} cannot be read`, {
      details: [`${stateFile(project, stack)}: ${(error as Error).message}`],
      fix: `Run ./drydock down --stack ${stack}, which goes by labels then, and up again.`,
    });
  }
}
