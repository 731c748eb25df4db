import { writeFile } from "node:fs/promises";
import { styleText } from "node:util";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { hostsOfLab } from "../../cli/hostsOfLab.ts";
import { chosenLabs } from "../../cli/verify/chosenLabs.ts";
import { labDriver, type LabDriver } from "../../cli/verify/labDriver.ts";
import { isVerified, resultsText } from "../../cli/verify/results.ts";
import { verifyLabs } from "../../cli/verify/verifyLabs.ts";
import type { CheckContext, CheckHost } from "../../labs/check.ts";
import { grade } from "../../labs/grade.ts";
import { loadLab } from "../../labs/index.ts";
import { silentReporter } from "../../stacks/reporter.ts";
import { openStack } from "../../stacks/stack.ts";
import { recordingFile, type RecordedHost, type Recording } from "./replay.ts";

/*
 * Records what a lab's hosts answer to its checks, fresh and when the guide's work is done, for the unit tests:
 *
 *   node test/labs/record.ts swarm-basics
 *
 * It is the lab's own test on a stack of its own besides, and writes nothing when that fails.
 */

/** The stacks' block, always the same, so that a recording made again differs little; no stack gets it by default. */
const addresses = "10.255.0.0/19";

/** Not for a file that is kept: secrets, this machine's settings, and what no check reads. Nor are labels of ours. */
const left = new Set(["JoinTokens", "TLSInfo", "Plugins", "Mounts", "IPAM", "Containers", "NetworksAttachments"]);

/** The part of Swarm's state that checks read; with it stay the registries, and the rest of /info is about this machine. */
const keptOfInfo = ["LocalNodeState", "ControlAvailable", "NodeAddr", "NodeID"];

/** Grades a lab, and keeps what its hosts answer. */
function recordingDriver(driver: LabDriver, stack: string, keep: (recording: Recording) => void): LabDriver {
  return {
    ...driver,
    async grade() {
      const opened = await openStack(stack);
      const hosts = await hostsOfLab(opened);
      const checks = await loadLab(opened.lab.slug).checks();
      return hosts.grade(async (context) => {
        const { recording, heard } = listenTo(context);
        const graded = await grade(checks, heard);
        keep(recording);
        return graded;
      });
    },
  };
}

/** A context whose hosts' answers go into a recording. */
function listenTo(context: CheckContext): { recording: Recording; heard: CheckContext } {
  const recording: Recording = { overlayPool: context.outputs.overlayPool, hosts: {} };
  const hosts = context.hosts.map((host): CheckHost => {
    const recorded: RecordedHost = { address: host.address, engine: {}, run: {}, engineLog: {} };
    recording.hosts[host.name] = recorded;
    return {
      ...host,
      run: async (command, options) => (recorded.run[command] = await host.run(command, options)),
      engine: async <T>(path: string) => {
        try {
          const answer = await host.engine<T>(path);
          recorded.engine[path] = trimmed(path, answer);
          return answer;
        } catch (error) {
          recorded.engine[path] = { error: error instanceof Error ? error.message : String(error) };
          throw error;
        }
      },
      engineLog: async (pattern) => (recorded.engineLog[pattern.source] = await host.engineLog(pattern)),
    };
  });
  const byName = new Map(hosts.map((host) => [host.name, host]));
  const host = (name: string) => byName.get(name) ?? context.host(name);
  return { recording, heard: { ...context, hosts, host } };
}

function trimmed(path: string, answer: unknown): unknown {
  const kept = JSON.stringify(answer, (key, value: unknown) =>
    left.has(key) || key.startsWith("drydock.") ? undefined : value,
  );
  const value = JSON.parse(kept) as { Swarm?: Record<string, unknown>; RegistryConfig?: unknown };
  if (path !== "/info") return value;
  const swarm = Object.entries(value.Swarm ?? {}).filter(([key]) => keptOfInfo.includes(key));
  return { Swarm: Object.fromEntries(swarm), RegistryConfig: value.RegistryConfig };
}

const interrupted = new AbortController();
process.once("SIGINT", () => interrupted.abort());
for (const slug of chosenLabs(process.argv.slice(2))) {
  const recordings: Recording[] = [];
  const [result] = await verifyLabs([slug], {
    jobs: 1,
    reporter: silentReporter,
    signal: interrupted.signal,
    driver: ({ settings, ...stack }) =>
      recordingDriver(
        labDriver({ ...stack, settings: { ...settings, addresses } }),
        stack.name,
        (recording) => void recordings.push(recording),
      ),
  });
  if (!result) throw new Error(`${slug} was not verified`);
  process.stdout.write(resultsText([result], (style, text) => styleText(style, text)));
  if (!isVerified(result)) process.exit(1);
  for (const [index, state] of (["fresh", "done"] as const).entries()) {
    const file = fileURLToPath(recordingFile(slug, state));
    const json = JSON.stringify(recordings[index], undefined, 2);
    await writeFile(file, await format(json, { ...(await resolveConfig(file)), parser: "json" }));
  }
}
