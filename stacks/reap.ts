import { z } from "zod";
import { isOurs } from "./inventory.ts";
import { label } from "./labels.ts";
import { project } from "./project.ts";
import { reported, type Reporter } from "./reporter.ts";
import { settings } from "./settings.ts";
import type { Site } from "./site.ts";
import { allSites, objectsOn, type Placed } from "./sites.ts";
import { settingsText } from "./stack.ts";
import { readStackFile } from "./stackFile.ts";
import { tracedStacks } from "./stackFiles.ts";
import { readState } from "./stateFile.ts";
import { VisibleError } from "./visibleError.ts";
import { downOn } from "./teardown.ts";

interface Expired {
  stack: string;
  sites: Site[];
  /** ISO date-time. */
  expiry: string;
}

export interface Reaped {
  /** Its name, or that of a site which could not be asked. */
  stack: string;
  /** ISO date-time; undefined where it could not be told. */
  expiry?: string;
  /** What is still there or went wrong, a line each; empty when all went well. */
  left: string[];
}

/** What a stack says of its end. */
interface Found {
  stack: string;
  /** Where there is something of it; none where there are only files. */
  sites: Site[];
  expiry: string | undefined | Error;
}

/** When the stacks of this home expire, with or without state and settings: those that do, and those that cannot tell. */
async function expiries(objects: readonly Placed[]): Promise<Found[]> {
  const labelled = Map.groupBy(objects, ({ labels }) => labels[label.stack] ?? "");
  const stacks = [...new Set([...(await tracedStacks()), ...labelled.keys()])].toSorted();
  return Promise.all(
    stacks.map(async (stack) => {
      const own = labelled.get(stack) ?? [];
      const labels = own.map((object) => object.labels[label.expiry] ?? "");
      return {
        stack,
        sites: [...new Set(own.map(({ site }) => site))],
        expiry: await expiryOf(stack, labels).catch((error: unknown) => error as Error),
      };
    }),
  );
}

/** The stacks that are past their expiry. */
const past = (all: readonly Found[], now: Date): Expired[] =>
  all.flatMap(({ stack, sites, expiry }) =>
    typeof expiry === "string" && expiry !== "" && new Date(expiry) < now ? [{ stack, sites, expiry }] : [],
  );

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const recorded = z.object({ expiry: z.string().optional() });

/**
 * When a stack expires: by its settings, which may have been changed since; where there are none, by what its last `up`
 * recorded; and else by the labels of what it made, the latest of them.
 * @throws VisibleError when its settings cannot be read: it is not for us to guess then.
 */
async function expiryOf(stack: string, labels: string[]): Promise<string | undefined> {
  const text = await settingsText(stack);
  if (text !== undefined) {
    const { raw } = readStackFile(text, `Pulumi.${stack}.yaml`);
    const { data, error } = settings.shape.expiry.safeParse(raw["drydock:expiry"]);
    if (!error) return data;
    throw new VisibleError(`drydock:expiry in Pulumi.${stack}.yaml cannot be read, so the stack stays.`);
  }
  const { data } = recorded.safeParse((await readState(project, stack).catch(() => undefined))?.outputs);
  return data ? data.expiry : labels.toSorted().at(-1);
}

/** Takes away what is past its expiry. One that cannot be taken away, or cannot tell, keeps no other from going. */
export async function reap(reporter: Reporter, now = new Date()): Promise<Reaped[]> {
  const { objects, silent } = await objectsOn(await allSites(), { project });
  const all = await expiries(objects.filter(({ labels }) => isOurs(labels)));
  const unknown = all.flatMap(({ stack, expiry }): Reaped[] =>
    expiry instanceof Error ? [{ stack, left: [expiry.message] }] : [],
  );
  const reaped = [
    ...silent.map(({ site, error }): Reaped => ({ stack: site.name, left: [wordsOf(error)] })),
    ...unknown,
  ];
  for (const { stack, sites, expiry } of past(all, now)) {
    const left = await reported(reporter, `Stack ${stack}, expired ${expiry}`, () => downOn(stack, sites)).catch(
      (error: unknown) => [wordsOf(error)],
    );
    reaped.push({ stack, expiry, left });
  }
  return reaped;
}
