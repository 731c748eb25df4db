import { expect, test } from "vitest";
import { inTime, waitFor } from "../../engine/wait.ts";

test("it looks until there is a value", async () => {
  let looks = 0;
  const look = () => Promise.resolve(++looks < 3 ? { waiting: "not yet" } : { value: looks });

  await expect(waitFor({ what: "the third look", deadlineMs: 5_000, everyMs: 1, look })).resolves.toBe(3);
});

test("a value that is undefined is a value", async () => {
  const look = () => Promise.resolve({ value: undefined });

  await expect(waitFor({ what: "nothing", deadlineMs: 0, look })).resolves.toBeUndefined();
});

test("the deadline names what was waited for, how long, and the last reason", async () => {
  let looks = 0;
  const look = () => Promise.resolve({ waiting: `look ${++looks} found nothing` });

  const waited = waitFor({ what: "host a", deadlineMs: 20, everyMs: 1, look });

  await expect(waited).rejects.toThrow(/^waited 0.02 s for host a: look \d+ found nothing$/);
  await expect(waited).rejects.toThrow(`look ${looks} found`);
});

test("it looks once at least, and an error of the look is the error", async () => {
  const look = () => Promise.reject(new Error("the engine refused"));

  await expect(waitFor({ what: "it", deadlineMs: 0, look })).rejects.toThrow(/^the engine refused$/);
});

test("work that does not end is given up, by its name", async () => {
  const never = new Promise<void>(() => undefined);

  await expect(inTime("a join of b", 20, never)).rejects.toThrow(/^a join of b has not ended within 0.02 s$/);
  await expect(inTime("a join of b", 5_000, Promise.resolve("done"))).resolves.toBe("done");
});
