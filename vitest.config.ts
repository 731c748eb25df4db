import { defineConfig } from "vitest/config";

/** Tests that break things on purpose, or make all images anew: three quarters of an hour on two cores, so run when asked for. */
const slow = [
  "test/live/images.test.ts",
  "test/live/components/*.test.ts",
  "test/live/provider/{ec2Kind,sshKind,swarm*}.test.ts",
  "test/live/stack/{engineLoss,kills,locks,lostState,neighbours,plainPulumi,remoteCohort,repairs,scarcity,sshMachines,taken,virtualMachines,wreckage}.test.ts",
];

const onAnEngine = { fileParallelism: false, testTimeout: 300_000, hookTimeout: 300_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/live/**", "test/cloud/**"],
          testTimeout: 30_000,
        },
      },
      { test: { name: "live", include: ["test/live/**/*.test.ts"], exclude: slow, ...onAnEngine } },
      { test: { name: "cloud", include: ["test/cloud/**/*.test.ts"], ...onAnEngine } },
      { test: { name: "slow", include: slow, ...onAnEngine } },
    ],
  },
});
