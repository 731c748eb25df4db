/** A manager's write-ahead log with an entry of each of these terms, and other records between, as etcd frames them. */
export function writeAheadLog(terms: number[]): Buffer {
  const records = terms.flatMap((term, index) => [
    record(3, message([1, term], [2, 0], [3, index])),
    record(2, message([1, 0], [2, term], [3, index + 1], [4, Buffer.alloc(term % 11, 0xff)])),
  ]);
  return Buffer.concat([record(4), record(1, Buffer.from("metadata")), ...records, Buffer.alloc(512)]);
}

function record(type: number, data?: Buffer): Buffer {
  const body = message([1, type], [2, 0xdeadbeef], ...(data ? ([[3, data]] as [number, Buffer][]) : []));
  const padding = (8 - (body.length % 8)) % 8;
  const frame = Buffer.alloc(8 + body.length + padding);
  frame.writeUIntLE(body.length, 0, 6);
  frame.writeUInt8(padding ? 0x80 | padding : 0, 7);
  body.copy(frame, 8);
  return frame;
}

function message(...fields: [number, number | Buffer][]): Buffer {
  return Buffer.concat(
    fields.flatMap(([field, value]) =>
      typeof value === "number"
        ? [varint(field * 8), varint(value)]
        : [varint(field * 8 + 2), varint(value.length), value],
    ),
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; rest >= 128 || bytes.length === 0 || rest > 0; rest = Math.floor(rest / 128))
    bytes.push((rest % 128) + (rest >= 128 ? 128 : 0));
  return Buffer.from(bytes);
}
