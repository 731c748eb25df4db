import { z } from "zod";
import { outerEngine } from "../engine/outer.ts";
import { isOurs, labelledObjects } from "./inventory.ts";
import { label } from "./labels.ts";
import { project } from "./project.ts";
import { reported, silentReporter, type Reporter } from "./reporter.ts";
import { settings } from "./settings.ts";
import { settingsText } from "./stack.ts";
import { readStackFile } from "./stackFile.ts";
import { tracedStacks } from "./stackFiles.ts";
import { readState } from "./stateFile.ts";
import { down } from "./teardown.ts";

export interface Expired {
  stack: string;
  /** ISO date-time. */
  expiry: string;
}

export interface Reaped extends Expired {
  /** What is still there, a line each; empty when all went well. */
  left: string[];
}

/** The stacks of this home that are past their expiry, with or without state and settings. */
export async function expiredStacks(now: Date): Promise<Expired[]> {
  const objects = (await labelledObjects(await outerEngine(), { project })).filter(({ labels }) => isOurs(labels));
  const labelled = Map.groupBy(objects, ({ labels }) => labels[label.stack] ?? "");
  const stacks = [...new Set([...(await tracedStacks()), ...labelled.keys()])].toSorted();
  const found = await Promise.all(
    stacks.map(async (stack) => {
      const labels = labelled.get(stack)?.map((object) => object.labels[label.expiry] ?? "") ?? [];
      return { stack, expiry: await expiryOf(stack, labels) };
    }),
  );
  return found.flatMap(({ stack, expiry }) => (expiry && new Date(expiry) < now ? [{ stack, expiry }] : []));
}

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
    return settings.shape.expiry.parse(raw["drydock:expiry"]);
  }
  const { data } = recorded.safeParse((await readState(project, stack).catch(() => undefined))?.outputs);
  return data ? data.expiry : labels.toSorted().at(-1);
}

/** Takes away what is past its expiry. One that cannot be taken away keeps no other from going. */
export async function reap(reporter: Reporter, now = new Date()): Promise<Reaped[]> {
  const reaped: Reaped[] = [];
  for (const expired of await expiredStacks(now)) {
    const left = await reported(reporter, `Stack ${expired.stack}, expired ${expired.expiry}`, async () =>
      (await down(expired.stack, { reporter: silentReporter })).left.map(({ kind, name }) => `${kind} ${name}`),
    ).catch((error: unknown) => [error instanceof Error ? error.message : String(error)]);
    reaped.push({ ...expired, left });
  }
  return reaped;
}
