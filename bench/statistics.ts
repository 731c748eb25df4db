/** Samples of one quantity, summed up. */
export interface Summary {
  median: number;
  least: number;
  most: number;
  samples: number[];
}

/** @throws RangeError for no samples. */
export function summarise(samples: readonly number[]): Summary {
  if (samples.length === 0) throw new RangeError("there are no samples to sum up");
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const middle = sorted.length / 2;
  const median = (at(Math.ceil(middle) - 1) + at(Math.floor(middle))) / 2;
  return { median, least: at(0), most: at(sorted.length - 1), samples: [...samples] };
}

/**
 * What one quantity is to another, round by round: what slows a whole round down, slows both.
 * @param less taken from each sample first, such as a fixed cost.
 */
export function ratio(samples: readonly number[], to: readonly number[], less: readonly number[] = []): Summary {
  return summarise(samples.map((sample, round) => (sample - (less[round] ?? 0)) / (to[round] ?? Number.NaN)));
}
