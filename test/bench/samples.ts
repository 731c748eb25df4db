import type { Measured } from "../../bench/result.ts";

/** Two rounds of all ways but plain Pulumi, in which a second counts as a thousand. */
export const measured: Measured = {
  hosts: 3,
  samples: {
    bound: { up: [4_000, 4_000], again: [], down: [1_000, 2_000] },
    compose: { up: [8_000, 6_000], again: [2_000, 2_000], down: [1_000, 2_000] },
    ours: { up: [7_000, 8_000], again: [2_500, 2_700], down: [2_000, 3_000] },
  },
  differences: { bound: [], compose: [], ours: ["mounts"] },
  breakdown: [
    { name: "Pulumi starts", milliseconds: 1_000 },
    { name: "Swarm", milliseconds: 3_000 },
  ],
};
