import { expect, test } from "vitest";
import { unframed } from "../../engine/containerLog.ts";

const frame = (stream: number, text: string | Buffer) => {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
};

test("a log of two streams is read in order, whatever its bytes", () => {
  const [first, second] = [Buffer.from("é\n").subarray(0, 1), Buffer.from("é\n").subarray(1)];
  const log = [frame(1, "out\n"), frame(2, "err \x01\0\0\0abcd\n"), frame(1, first), frame(1, second)];
  expect(unframed(Buffer.concat(log))).toBe("out\nerr \x01\0\0\0abcd\né\n");
});

test("no log is no text", () => {
  expect(unframed(Buffer.alloc(0))).toBe("");
});
