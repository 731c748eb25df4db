/** One of several ways to get something does not go here; the next may. */
export class NotThisWay extends Error {
  override readonly name = "NotThisWay";
  /** What was tried, and what answered, a line each. */
  readonly details: string[];

  constructor(tried: string, answered: string) {
    const lines = answered.trim().split("\n").filter(Boolean).slice(-8);
    super(`tried ${tried}: ${lines.at(-1) ?? "no answer"}`);
    this.details = lines.length > 1 ? [`tried ${tried}, which answered:`, ...lines] : [this.message];
  }
}

/**
 * Goes the ways one after the other until one arrives.
 * @returns what it came to, or what each of them met.
 */
export async function firstWay<T>(ways: (() => Promise<T>)[]): Promise<{ value: T } | { details: string[] }> {
  const details: string[] = [];
  for (const way of ways) {
    try {
      return { value: await way() };
    } catch (error) {
      if (!(error instanceof NotThisWay)) throw error;
      details.push(...error.details);
    }
  }
  return { details };
}
