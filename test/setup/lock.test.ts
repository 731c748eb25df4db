import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished, expect, test } from "vitest";
import { withLock } from "../../setup/lock.ts";
import { scratchFolder } from "./scratch.ts";

const lockModule = join(import.meta.dirname, "..", "..", "setup", "lock.ts");

/** A process that holds the lock until it is killed. */
async function holder(file: string) {
  const program = `
    import { withLock } from ${JSON.stringify(lockModule)};
    await withLock(process.argv[1], { what: "the test's work", deadlineMs: 1, onWait() {} }, () => {
      console.log("held");
      return new Promise((done) => setTimeout(done, 60_000));
    });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}

test("who waits too long is told who holds it", async () => {
  const file = join(scratchFolder(), "lock");
  const child = await holder(file);
  const waits: string[] = [];
  const refused = withLock(file, { what: "mine", deadlineMs: 300, onWait: (who) => waits.push(who) }, () =>
    Promise.reject(new Error("must not run")),
  );
  await expect(refused).rejects.toThrow(`process ${child.pid ?? 0} on`);
  await expect(refused).rejects.toThrow("the test's work");
  expect(waits).toHaveLength(1);
});

test("a holder that is killed lets go at once", async () => {
  const file = join(scratchFolder(), "lock");
  const child = await holder(file);
  const work = withLock(file, { what: "mine", deadlineMs: 5_000, onWait: () => child.kill("SIGKILL") }, () =>
    Promise.resolve("done"),
  );
  expect(await work).toBe("done");
});

test("work in one process goes one after the other, and a failure lets go", async () => {
  const file = join(scratchFolder(), "lock");
  const options = { what: "mine", deadlineMs: 5_000, onWait: () => undefined };
  let inside = 0;
  const work = async () => {
    expect(++inside).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    inside--;
    throw new Error("work failed");
  };
  const all = await Promise.allSettled([1, 2, 3].map(() => withLock(file, options, work)));
  for (const one of all) expect(one).toMatchObject({ status: "rejected", reason: { message: "work failed" } });
});

test("a lock that goes with what it locks is none for those that waited for it", async () => {
  const file = join(scratchFolder(), "lock");
  const options = { what: "mine", deadlineMs: 5_000, discard: true, onWait: () => undefined };
  let inside = 0;
  const work = async () => {
    expect(++inside).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    inside--;
  };
  await Promise.all([1, 2, 3, 4].map(() => withLock(file, options, work)));
  expect(readdirSync(dirname(file))).toEqual([]);
});
