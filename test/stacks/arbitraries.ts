import fc from "fast-check";
import { parseConfig, type StackConfig } from "../../stacks/config.ts";
import { planStack, type Plan, type PlanInput } from "../../stacks/plan.ts";

/** A configuration with defaults for all that is not given. */
export function configOf(settings: Record<string, unknown> = {}): StackConfig {
  const raw = Object.fromEntries(
    Object.entries({ lab: "some-lab", ...settings }).map(([key, value]) => [`drydock:${key}`, value]),
  );
  return parseConfig(raw, { stack: "dev", labs: ["some-lab"] });
}

/** A plan of hosts by those names, workers all. */
export function planOf(stack: string, hosts: string[], rest: Partial<PlanInput> = {}): Plan {
  return planStack({
    project: "drydock",
    stack,
    home: "box:/srv/drydock",
    config: configOf(),
    lab: { slug: "some-lab", hosts: hosts.map((name) => ({ name, role: "worker" })), images: ["debian"] },
    ...rest,
  });
}

/** Names that Pulumi takes for a stack, and worse. */
export const stackName = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9._-]{1,100}$/),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 120 }),
);

const host = fc.record(
  {
    name: fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,22}[a-z0-9])?$/).filter((name) => name !== "registry"),
    role: fc.constantFrom("manager" as const, "worker" as const, "host" as const),
    labels: fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 }),
    memoryMib: fc.integer({ min: 128, max: 4096 }),
  },
  { requiredKeys: ["name", "role"] },
);

export const planInput: fc.Arbitrary<PlanInput> = fc.record({
  project: fc.string({ minLength: 1, maxLength: 20 }),
  stack: stackName,
  home: fc.string({ minLength: 1 }),
  config: fc
    .record(
      {
        addresses: fc.integer({ min: 0, max: 2047 }).map((n) => `10.${n >> 3}.${(n & 7) << 5}.0/19`),
        ports: fc.integer({ min: 1024, max: 65504 }),
        learner: fc.stringMatching(/^[a-z]{1,10}$/),
        expiry: fc.constant("2999-12-31"),
      },
      { requiredKeys: [] },
    )
    .map(configOf),
  lab: fc.record({
    slug: fc.constant("some-lab"),
    hosts: fc.uniqueArray(host, { selector: ({ name }) => name, maxLength: 31 }),
    images: fc.constant(["debian"]),
  }),
});

export const plan: fc.Arbitrary<Plan> = planInput.map(planStack);
