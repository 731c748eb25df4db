import { gunzipSync } from "node:zlib";
import type { CheckHost } from "../check.ts";

/** What a manager's Raft log on disk tells of its elections. */
export interface Elections {
  /** Terms that had a leader, the founder's first: a new leader's first act is to append an entry of its term. */
  led: number[];
  /** Terms in between that had none: candidates asked for votes and got no majority. */
  unled: number[];
}

/** Reads a manager's write-ahead log. What its entries say is encrypted, their terms are not. */
export async function readElections(manager: CheckHost): Promise<Elections> {
  const { code, stdout, stderr } = await manager.run(
    "cat /var/lib/docker/swarm/raft/wal-v3-encrypted/*.wal | gzip -1 | base64 -w 0",
  );
  if (code !== 0) throw new Error(`cannot read the Raft log of ${manager.name}: ${stderr}`);
  return elections(gunzipSync(Buffer.from(stdout, "base64")));
}

/** The elections in a write-ahead log, which Swarm's managers keep in etcd's format. */
export function elections(log: Buffer): Elections {
  const led = [...new Set(entryTerms(log))].filter((term) => term !== bootstrapTerm).sort((a, b) => a - b);
  const [first = 0] = led;
  const between = Array.from({ length: (led.at(-1) ?? first) - first }, (_, index) => first + index);
  return { led, unled: between.filter((term) => !led.includes(term)) };
}

/** The founder's membership is written in a term of its own, before anybody is elected. */
const bootstrapTerm = 1;

/** walpb.Record.type of a Raft entry (etcd, server/storage/wal). */
const entryRecord = 2;

/** Walks the frames: six bytes of length, a spare one, one for the padding; a record; and zeros after the last. */
function* entryTerms(log: Buffer): Generator<number> {
  let offset = 0;
  while (offset + 8 <= log.length) {
    const length = log.readUIntLE(offset, 6);
    const padding = log.readUInt8(offset + 7) & 7;
    if (length === 0) return;
    const record = protobufFields(log.subarray(offset + 8, offset + 8 + length));
    const entry = record.get(3);
    if (record.get(1) === entryRecord && entry instanceof Buffer) yield Number(protobufFields(entry).get(2));
    offset += 8 + length + padding;
  }
}

/** A protobuf message's fields by their numbers: numbers and bytes are all that these messages have. */
function protobufFields(message: Buffer): Map<number, number | Buffer> {
  const fields = new Map<number, number | Buffer>();
  let offset = 0;
  const varint = () => {
    for (let value = 0, scale = 1; ; scale *= 128) {
      const byte = message.readUInt8(offset++);
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (offset < message.length) {
    const key = varint();
    const value = varint();
    const isBytes = (key & 7) === 2;
    fields.set(key >> 3, isBytes ? message.subarray(offset, offset + value) : value);
    if (isBytes) offset += value;
  }
  return fields;
}
