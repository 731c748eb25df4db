import { labs } from "../../labs/index.ts";
import { isVerified, resultsText } from "../verify/results.ts";
import { verifyLabs, type LabResult } from "../verify/verifyLabs.ts";
import { sum, type Counts, type Part, type PartOptions, type Tell } from "./parts.ts";

/** Labs that every run proves, by their numbers: Swarm, overlays, registries, logging, monitoring. */
export const always: ReadonlySet<number> = new Set([14, 25, 26, 29, 30, 31, 33, 34]);

/**
 * Until when a run begins with another lab, in minutes since its process started. On a machine with no caches a lab takes
 * up to 15, most of it for Go programs, and an hour is what the whole run may take.
 */
const lastStartMin = 40;

/** Every lab's own test, however long they take; a phase counts as a test. */
export const everyLab: Part = {
  title: "Labs",
  run: (tell, options) => verified(Object.keys(labs), tell, options),
};

/** Those that every run proves, and of the others what there is time for; what is left out is named, and skipped. */
export const labsInTime: Part = {
  title: "Labs",
  async run(tell, options) {
    const inOrder = Object.values(labs).toSorted((one, other) => one.number - other.number);
    const { must = [], may = [] } = Object.groupBy(inOrder, ({ number }) => (always.has(number) ? "must" : "may"));
    const counts = [
      await verified(
        must.map(({ slug }) => slug),
        tell,
        options,
      ),
    ];
    for (const { slug } of may) {
      if (options.signal.aborted) break;
      const minutes = process.uptime() / 60;
      if (minutes < lastStartMin) {
        counts.push(await verified([slug], tell, options));
      } else {
        tell(`Left out: ${slug}, as ${Math.round(minutes)} minutes are over; ./drydock verify ${slug} proves it`);
        counts.push({ passed: 0, failed: 0, skipped: 1 });
      }
    }
    return sum(counts);
  },
};

async function verified(slugs: readonly string[], tell: Tell, options: PartOptions): Promise<Counts> {
  const results = await verifyLabs(slugs, { jobs: 1, ...options });
  if (!results.every(isVerified)) tell(resultsText(results, options.terminal.paint));
  return counted(results);
}

function counted(results: readonly LabResult[]): Counts {
  const phases = results.flatMap((lab) => lab.results);
  const count = (verdict: string) => phases.filter((phase) => phase.verdict === verdict).length;
  return { passed: count("passed"), failed: count("failed"), skipped: count("skipped") };
}
