/** A part of an operation, from the end of the one before it. */
export interface Part {
  name: string;
  milliseconds: number;
}

/** Where the time of an operation went: its parts in order, which add up to all of it. */
export type Breakdown = Part[];

/** The moment at which a part had ended. */
export interface Moment {
  name: string;
  /** In milliseconds, on the clock of `start`. */
  at: number;
}

/** Cuts the time from `start` at the moments. One that lies before an earlier one took no time of its own. */
export function breakdown(start: number, moments: readonly Moment[]): Breakdown {
  let from = start;
  return moments.map(({ name, at }) => {
    const part = { name, milliseconds: Math.max(0, at - from) };
    from = Math.max(from, at);
    return part;
  });
}
