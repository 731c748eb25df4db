import { PassThrough } from "node:stream";
import Docker from "dockerode";
import { expect, test, vi } from "vitest";
import { pullBase } from "../../setup/pullBase.ts";
import { quietSay } from "./quietSay.ts";

const image = "debian:trixie-slim";

/** An engine whose pull answers with these events, or fails. */
function engineThatPulls(pull: () => Promise<NodeJS.ReadableStream>): Docker {
  const engine = new Docker({ socketPath: "/nowhere" });
  vi.spyOn(engine, "pull").mockImplementation(pull);
  return engine;
}

const events = (...lines: object[]) => {
  const stream = new PassThrough();
  stream.end(lines.map((line) => `${JSON.stringify(line)}\r\n`).join(""));
  return Promise.resolve(stream);
};

test("an engine that cannot reach a registry is quoted, so that the next way is gone", async () => {
  const engine = engineThatPulls(() => Promise.reject(new Error("lookup registry: no such host")));
  await expect(pullBase(engine, image, quietSay)).rejects.toMatchObject({
    name: "NotThisWay",
    details: [`tried \`docker pull ${image}\`: lookup registry: no such host`],
  });
});

test("a pull that breaks off half-way is not taken for done", async () => {
  const engine = engineThatPulls(() => events({ status: "Pulling" }, { error: "unexpected EOF" }));
  await expect(pullBase(engine, image, quietSay)).rejects.toThrow(/unexpected EOF/);
});

test("a pull that ends well is done", async () => {
  const engine = engineThatPulls(() => events({ status: "Pulling" }, { status: "Done" }));
  expect(await pullBase(engine, image, quietSay)).toBe(`${image} from a registry`);
});
