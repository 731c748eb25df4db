import { existsSync, readFileSync } from "node:fs";
import type { CheckContext, CheckHost, CommandResult } from "../../labs/check.ts";
import { loadLab } from "../../labs/index.ts";
import { capabilities, type Capability } from "../../labs/lab.ts";

/** What a host answered to a lab's checks. */
export interface RecordedHost {
  address: string;
  /** The engine's answers by path; a refusal is `{ "error": ... }`. */
  engine: Record<string, unknown>;
  /** Results by command. */
  run: Record<string, CommandResult>;
  /** Lines of the engine's log by the pattern they match. */
  engineLog: Record<string, string[]>;
}

/** What a lab's hosts answered to its checks, on a real engine: fresh, and when the guide's work was done. */
export interface Recording {
  overlayPool: string;
  hosts: Record<string, RecordedHost>;
}

/** Where a recording is kept; of the kind "esp" is what hosts with that capability answer otherwise when all is done. */
export const recordingFile = (slug: string, kind: "fresh" | "done" | Capability): URL =>
  new URL(`recorded/${slug}-${kind}.json`, import.meta.url);

/** How a replay differs from what was recorded; an answer given as an Error is a rejection. */
export interface Changes {
  can?: Partial<Record<Capability, boolean>>;
  engine?: (path: string, answer: unknown, host: string) => unknown;
  run?: (command: string, result: CommandResult | undefined, host: string) => CommandResult | Error | undefined;
  engineLog?: (lines: string[] | undefined, host: string) => string[] | Error | undefined;
}

/** A check's context that answers from a recording, kept in recorded/. */
export function replay(
  slug: string,
  state: "fresh" | "done",
  { can, engine, run, engineLog }: Changes = {},
): CheckContext {
  const { lab } = loadLab(slug);
  const recording = read(recordingFile(slug, state));
  const has = Object.fromEntries(
    capabilities.map((name) => [name, can?.[name] ?? (name === "vxlan" || name === "macvlan")]),
  ) as Record<Capability, boolean>;

  const able = capabilities.filter((name) => state === "done" && has[name] && existsSync(recordingFile(slug, name)));
  const others = able.map((name) => read(recordingFile(slug, name)));

  const hosts = lab.hosts.map(({ name }): CheckHost => {
    const recorded = recording.hosts[name] ?? nothing;
    const results = Object.fromEntries(
      [recording, ...others].flatMap((one) => Object.entries(one.hosts[name]?.run ?? {})),
    );
    return {
      name,
      address: recorded.address,
      capabilities: has,
      run: (command) => {
        const known = results[command];
        return settle(run?.(command, known, name) ?? known ?? new Error(`not recorded on ${name}: ${command}`));
      },
      engine: <T>(path: string) => {
        const known = structuredClone(recorded.engine[path]);
        const answer = engine ? engine(path, known, name) : known;
        return settle((isRefusal(answer) ? new Error(answer.error) : answer) as T | Error);
      },
      engineLog: (pattern) => {
        const known = recorded.engineLog[pattern.source];
        return settle(engineLog?.(known, name) ?? known ?? new Error(`not recorded on ${name}: ${pattern.source}`));
      },
    };
  });
  const swarm = {
    clusterId: "recorded",
    managers: lab.hosts.filter(({ role }) => role === "manager").map(({ name }) => name),
    workers: lab.hosts.filter(({ role }) => role === "worker").map(({ name }) => name),
    ingress: "host" as const,
  };
  return {
    outputs: {
      project: "drydock",
      stack: "test",
      lab: slug,
      learner: "test",
      prefix: "drydock-test",
      network: network("drydock-test"),
      hosts: hosts.map(({ name, address }, index) => ({
        name,
        role: lab.hosts[index]?.role ?? "host",
        labels: lab.hosts[index]?.labels ?? {},
        address,
        container: `drydock-test-${name}`,
        ssh: { host: "127.0.0.1", port: 20000 + index, user: "root", hostKey: "ssh-ed25519 AAAA" },
        engineVersion: "26.1.5",
        cgroupVersion: 2,
        capabilities: has,
      })),
      registry: { address: "10.255.0.2:5000", source: "bootstrap" },
      overlayPool: recording.overlayPool,
      swarm: swarm.managers.length > 0 ? swarm : undefined,
      networks: [],
      components: [],
    },
    hosts,
    host: (name) => {
      const host = hosts.find((known) => known.name === name);
      if (!host) throw new Error(`no host ${name}`);
      return host;
    },
  };
}

const read = (file: URL) => JSON.parse(readFileSync(file, "utf8")) as Recording;

const nothing: RecordedHost = { address: "", engine: {}, run: {}, engineLog: {} };

const network = (name: string) => ({
  name,
  driver: "bridge" as const,
  subnet: "10.255.0.0/24",
  mtu: 1500,
  encrypted: false,
  attachable: true,
});

function isRefusal(answer: unknown): answer is { error: string } {
  return typeof answer === "object" && answer !== null && "error" in answer;
}

function settle<T>(answer: T | Error): Promise<T> {
  return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
}
