/** What is left until then counts as little from here on, in milliseconds: a day. */
export const soonMs = 86_400_000;

/** How much of its time a stack has left. */
export interface TimeLeft {
  /** Negative when it is past. */
  milliseconds: number;
  /** "past", "soon" within a day, and else "later". */
  when: "past" | "soon" | "later";
  /** "3 days", "5 h 10 min" or, when it is past, how long ago that was. */
  words: string;
}

/** @param expiry ISO date-time. */
export function timeLeft(expiry: string, now = new Date()): TimeLeft {
  const milliseconds = new Date(expiry).getTime() - now.getTime();
  const when = milliseconds < 0 ? "past" : milliseconds <= soonMs ? "soon" : "later";
  return { milliseconds, when, words: inWords(Math.abs(milliseconds)) };
}

function inWords(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  const [days, hours] = [Math.floor(minutes / 1_440), Math.floor(minutes / 60)];
  if (days >= 2) return `${days} days`;
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`;
}

/** "2026-12-01 18:00 UTC" for an ISO date-time. */
export const inUtc = (expiry: string): string => `${expiry.slice(0, 16).replace("T", " ")} UTC`;
