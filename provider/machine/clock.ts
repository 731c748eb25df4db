import type { SshSession } from "../../engine/ssh.ts";

/** How far a machine's clock is from this one's. */
export interface Skew {
  /** Seconds; positive where it is ahead. */
  seconds: number;
  /** Seconds by which that may be wrong: half of what the question took. */
  uncertainty: number;
}

/**
 * Furthest that clocks may be apart, in seconds. A Swarm's certificates stand an hour, but logs and traces of several hosts
 * are read side by side, and time-outs between them are counted in seconds.
 */
export const toleratedSec = 5;

/** Asks a machine for its time; the quickest of three answers tells best. */
export async function skewOf(session: SshSession): Promise<Skew> {
  const skews: Skew[] = [];
  for (let asked = 0; asked < 3; asked++) {
    const begun = Date.now() / 1_000;
    const { stdout } = await session.run("date +%s.%N");
    const ended = Date.now() / 1_000;
    skews.push({ seconds: Number(stdout) - (begun + ended) / 2, uncertainty: (ended - begun) / 2 });
  }
  return skews.reduce((best, skew) => (skew.uncertainty < best.uncertainty ? skew : best));
}

/** Whether clocks are surely further apart than is tolerated. */
export const isTooFar = (one: Skew, other: Skew = { seconds: 0, uncertainty: 0 }): boolean =>
  Math.abs(one.seconds - other.seconds) - one.uncertainty - other.uncertainty > toleratedSec;
