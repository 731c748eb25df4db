/** Which whole numbers from 1 to the highest are not among these. */
export function missingNumbers(numbers: readonly number[]): number[] {
  const seen = new Set(numbers);
  const highest = numbers.reduce((high, number) => Math.max(high, number), 0);
  return Array.from({ length: highest }, (_, index) => index + 1).filter((number) => !seen.has(number));
}
