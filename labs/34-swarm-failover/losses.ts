import { restartsOf, wasDead, type EngineLife, type Restart } from "./engineLife.ts";

/** A leader that was away, and whom the others elected meanwhile. */
export interface LeaderLoss {
  leader: string;
  term: number;
  /** Whether it was killed, or told to end. */
  killed: boolean;
  /** Undefined where nobody was elected until it was back. */
  successor?: { host: string; term: number };
}

/** A candidacy that could not be won, as most managers were dead. */
export interface VainCandidacy {
  candidate: string;
  term: number;
  dead: string[];
}

/** Managers that ended while they led and began anew, in the order of their hosts. */
export function leaderLosses(managers: readonly EngineLife[]): LeaderLoss[] {
  return managers.flatMap((life) =>
    restartsOf(life).flatMap((restart) => {
      const { died, killed } = restart;
      if (died?.kind !== "leader") return [];
      const term = died.term ?? 0;
      return { leader: life.host, term, killed, successor: electedDuring(managers, restart, term) };
    }),
  );
}

function electedDuring(managers: readonly EngineLife[], { lastSeen, at }: Restart, after: number) {
  for (const { host, signs } of managers) {
    const elected = signs.find(
      (sign) => sign.kind === "leader" && (sign.term ?? 0) > after && sign.at > lastSeen && sign.at < at,
    );
    if (elected) return { host, term: elected.term ?? 0 };
  }
  return undefined;
}

/** Candidacies at times when fewer than a majority of the managers lived. */
export function vainCandidacies(managers: readonly EngineLife[]): VainCandidacy[] {
  return managers.flatMap(({ host: candidate, signs }) =>
    signs.flatMap(({ kind, at, term = 0 }) => {
      if (kind !== "candidate") return [];
      const dead = managers.filter((other) => other.host !== candidate && wasDead(other, at)).map(({ host }) => host);
      return (managers.length - dead.length) * 2 <= managers.length ? { candidate, term, dead } : [];
    }),
  );
}
