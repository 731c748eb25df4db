import type { CheckHost } from "../check.ts";

/** A line of an engine's log that tells of its life. */
export interface Sign {
  /** Milliseconds since 1970. */
  at: number;
  /** "began" is an engine's first word, "told to end" its last in good order; "alive" is any other line. */
  kind: "began" | "told to end" | "cut off" | "leader" | "candidate" | "follower" | "alive";
  /** Raft's term, of the last three roles. */
  term?: number;
}

/** What an engine logged of its life, oldest first. */
export interface EngineLife {
  host: string;
  signs: Sign[];
}

/** A start of an engine after its first: before it the engine was dead. */
export interface Restart {
  at: number;
  /** Last sign of the engine before; it died after that. */
  lastSeen: number;
  /** The role in which it died, of a manager. */
  died?: Sign;
  /** Whether nobody had told it to end. */
  killed: boolean;
}

/** Starts, ends, what the Raft module says, and an agent that lost its manager. */
const telling = /msg="(Starting up|Processing signal)|module=raft|agent: session failed/;

/** Reads the lives of hosts' engines. */
export function readLives(hosts: readonly CheckHost[]): Promise<EngineLife[]> {
  return Promise.all(
    hosts.map(async (host) => ({ host: host.name, signs: parseSigns(await host.engineLog(telling)) })),
  );
}

/** Parses lines of an engine's log; what has no time is left out. */
export function parseSigns(lines: readonly string[]): Sign[] {
  return lines.flatMap((line): Sign[] => {
    const at = Date.parse(/^time="([^"]+)"/.exec(line)?.[1] ?? "");
    if (Number.isNaN(at)) return [];
    if (line.includes('msg="Starting up"')) return [{ at, kind: "began" }];
    if (line.includes('msg="Processing signal')) return [{ at, kind: "told to end" }];
    if (line.includes("agent: session failed")) return [{ at, kind: "cut off" }];
    const [, role, term] = /became (leader|candidate|follower) at term (\d+)/.exec(line) ?? [];
    return role === undefined ? [{ at, kind: "alive" }] : [{ at, kind: role as Sign["kind"], term: Number(term) }];
  });
}

/** An engine's starts after its first. */
export function restartsOf({ signs }: EngineLife): Restart[] {
  const begins = signs.flatMap(({ kind }, index) => (kind === "began" ? [index] : []));
  return begins.slice(1).flatMap((index, number) => {
    const life = signs.slice(begins[number], index);
    const [sign, last] = [signs[index], life.at(-1)];
    if (!sign || !last) return [];
    const died = life.findLast(({ term }) => term !== undefined);
    return { at: sign.at, lastSeen: last.at, died, killed: !life.some(({ kind }) => kind === "told to end") };
  });
}

/** Whether a manager, which talks all the time, was dead then: the next that is heard of it, if anything, is its start. */
export function wasDead({ signs }: EngineLife, time: number): boolean {
  if (!signs.some(({ at, term }) => at <= time && term !== undefined)) return false;
  const next = signs.find(({ at }) => at > time);
  return next === undefined || next.kind === "began";
}
