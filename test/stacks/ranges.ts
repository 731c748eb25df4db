/** First and last address of a CIDR as numbers: arithmetic of its own, to judge the source's by. */
export function rangeOf(cidr: string): [number, number] {
  const [address = "", bits = "32"] = cidr.split("/");
  const number = address.split(".").reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
  const hostBits = 32n - BigInt(bits);
  const first = (number >> hostBits) << hostBits;
  return [Number(first), Number(first + (1n << hostBits) - 1n)];
}

export function meet(a: string, b: string): boolean {
  const [firstA, lastA] = rangeOf(a);
  const [firstB, lastB] = rangeOf(b);
  return firstA <= lastB && firstB <= lastA;
}

export function within(inner: string, outer: string): boolean {
  const [firstInner, lastInner] = rangeOf(inner);
  const [firstOuter, lastOuter] = rangeOf(outer);
  return firstOuter <= firstInner && lastInner <= lastOuter;
}
