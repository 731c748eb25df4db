import { closest } from "fastest-levenshtein";

/** What is said of a name that is not one of the known: the nearest, then all of them, sorted. */
export function knownNames(received: string, known: readonly string[]): string {
  const sorted = [...known].sort();
  return sorted.length === 0 ? "none is known" : `nearest: ${closest(received, sorted)}; known: ${sorted.join(", ")}`;
}
