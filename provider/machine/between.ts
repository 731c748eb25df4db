import { isTooFar, toleratedSec, type Skew } from "./clock.ts";
import type { Sight } from "./sight.ts";

/** Least MTU that an overlay between hosts leaves something of: IPv6's least, and VXLAN's 50 bytes. */
const leastMtu = 1_330;

/** Clocks that are too far from this machine's or, where none is, from each other, a line each. */
export function clockProblems(seen: readonly { name: string; skew: Skew }[]): string[] {
  const words = (name: string, seconds: number, than: string) =>
    `${name}: its clock is ${Math.abs(seconds).toFixed(1)} s ${seconds > 0 ? "ahead of" : "behind"} ${than}; ` +
    `allowed: ${toleratedSec} s. Let it keep time, as by systemd-timesyncd`;
  const here = seen
    .filter(({ skew }) => isTooFar(skew))
    .map(({ name, skew }) => words(name, skew.seconds, "this machine's"));
  if (here.length > 0) return here;
  return seen.flatMap((one, index) =>
    seen
      .slice(index + 1)
      .filter((other) => isTooFar(one.skew, other.skew))
      .map((other) => words(one.name, one.skew.seconds - other.skew.seconds, `that of ${other.name}`)),
  );
}

/** Links to the others that overlays do not fit in, a line each. */
export const mtuProblems = (seen: readonly { name: string; sight: Pick<Sight, "mtus"> }[]): string[] =>
  seen.flatMap(({ name, sight }) =>
    sight.mtus
      .filter((mtu) => mtu < leastMtu)
      .map(
        (mtu) => `${name}: its link to the others has an MTU of ${mtu} bytes; allowed: ${leastMtu} or more. Raise it`,
      ),
  );
