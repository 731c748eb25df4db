import { existsSync } from "node:fs";
import { parseDocument, type Scalar } from "yaml";
import { readIfThere, rewriteFile } from "../access/privateFile.ts";
import { namespace, settingMeta, settings } from "../stacks/settings.ts";
import { ownSettingsFile, settingsFile } from "../stacks/stack.ts";
import { VisibleError } from "../stacks/visibleError.ts";
import { keptPlaces, openCohort } from "./cohort.ts";
import { planCohort, refuseUnfit } from "./plan.ts";

/**
 * Gives a cohort another expiry: in its file, whose other lines stay as they are, and in the settings of its learners' stacks,
 * so that `reap` knows at once.
 * @param until As drydock:expiry takes it.
 * @returns the expiry, an ISO date-time.
 * @throws VisibleError when it is no time to come, or the budget does not hold until then; nothing was written then.
 */
export async function extend(cohort: string, until: string, now = new Date()): Promise<string> {
  const { data: expiry } = settings.shape.expiry.safeParse(until);
  if (expiry === undefined || new Date(expiry) < now) {
    throw new VisibleError(
      `--until: received ${JSON.stringify(until)}; allowed: ${settingMeta.get(settings.shape.expiry)?.allowed ?? ""}.`,
      { fix: `For example: ./drydock cohort extend --stack ${cohort} --until ${dayAfter(now)}` },
    );
  }
  await refuseOverBudget(cohort, expiry);
  const users = settingsFile(cohort);
  await setExpiry(existsSync(users) ? users : ownSettingsFile(cohort), until);
  for (const stack of (await keptPlaces(cohort)).keys()) await setExpiry(ownSettingsFile(stack), expiry);
  return expiry;
}

async function refuseOverBudget(name: string, expiry: string): Promise<void> {
  const cohort = await openCohort(name, new Date(0));
  if (cohort.config.budget === undefined) return;
  const longer = { ...cohort, config: { ...cohort.config, expiry } };
  refuseUnfit(longer, await planCohort(longer));
}

const dayAfter = (now: Date) => new Date(now.getTime() + 86_400_000).toISOString().slice(0, 10);

async function setExpiry(path: string, expiry: string): Promise<void> {
  const text = await readIfThere(path);
  if (text === undefined) return;
  const document = parseDocument(text);
  const quoted = document.createNode(expiry) as Scalar;
  quoted.type = "QUOTE_DOUBLE";
  document.setIn(["config", `${namespace}:expiry`], quoted);
  await rewriteFile(path, Buffer.from(document.toString({ lineWidth: 0, flowCollectionPadding: false })));
}
