/** What a wait is for, and how long it may take. */
export interface Wait<T> {
  /** Completes "waited 30 s for ...". */
  what: string;
  deadlineMs: number;
  /** Between two looks; 100 ms by default. */
  everyMs?: number;
  /** One look: the value, or why it is not there yet. */
  look: () => Promise<{ value: T } | { waiting: string }>;
}

/**
 * What takes as long as it takes, given up when the time is over. It goes on by itself where it cannot be called off.
 * @throws Error "WHAT has not ended within N s".
 */
export async function inTime<T>(what: string, deadlineMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} has not ended within ${deadlineMs / 1000} s`)), deadlineMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** One look, given up when the time is: what it asks may never answer. */
async function within<T>(
  leftMs: number,
  what: string,
  look: Wait<T>["look"],
): Promise<{ value: T } | { waiting: string }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ waiting: string }>((resolve) => {
    timer = setTimeout(() => resolve({ waiting: `${what} has not answered` }), Math.max(leftMs, 1_000));
  });
  try {
    return await Promise.race([look(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Looks until there is a value.
 * @throws Error "waited N s for WHAT: LAST REASON" when the deadline is over; errors of a look pass through.
 */
export async function waitFor<T>({ what, deadlineMs, everyMs = 100, look }: Wait<T>): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const seen = await within(end - performance.now(), what, look);
    if ("value" in seen) return seen.value;
    if (performance.now() >= end) throw new Error(`waited ${deadlineMs / 1000} s for ${what}: ${seen.waiting}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
