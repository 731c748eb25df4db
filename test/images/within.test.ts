import { expect, test } from "vitest";
import { within } from "../../images/within.ts";

test("work that is late is told so and named", async () => {
  const work = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(new Error("aborted")));
    });
  await expect(within(0.01, "the kettle", work)).rejects.toThrow("waited 0.01 s for the kettle");
});

test("work's own error passes through", async () => {
  await expect(within(10, "the kettle", () => Promise.reject(new Error("dry")))).rejects.toThrow("dry");
});

test("work in time answers", async () => {
  expect(await within(10, "the kettle", () => Promise.resolve("tea"))).toBe("tea");
});
