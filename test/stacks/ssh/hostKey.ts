/** A host key of the form that settings take, another for each number up to 255; nobody has its private part. */
export function hostKeyOf(number: number): string {
  const type = Buffer.from("ssh-ed25519");
  const lengthOf = (bytes: Buffer) => Buffer.from([0, 0, 0, bytes.length]);
  const key = Buffer.alloc(32, number);
  return `ssh-ed25519 ${Buffer.concat([lengthOf(type), type, lengthOf(key), key]).toString("base64")}`;
}
