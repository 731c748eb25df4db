import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError, parseCohortConfig, parseConfig, type ConfigProblem } from "../../stacks/config.ts";

const context = {
  stack: "dev",
  labs: ["swarm-failover", "overlay-vxlan", "swarm-basics"],
  now: new Date("2030-06-15T12:00:00Z"),
};
const parse = (settings: Record<string, unknown>) =>
  parseConfig({ "drydock:lab": "swarm-basics", ...settings }, context);

/** The error of a configuration that is refused. */
function refusal(
  raw: Record<string, unknown>,
  parse: typeof parseConfig | typeof parseCohortConfig = parseConfig,
): ConfigError {
  try {
    parse(raw, context);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("the configuration was accepted");
}

/** The only problem of a setting's value. */
function problemOf(key: string, value: unknown): ConfigProblem {
  const [problem, ...others] = refusal({ "drydock:lab": "swarm-basics", [key]: value }).problems;
  expect(others).toEqual([]);
  if (problem === undefined) throw new Error("refused without a problem");
  return problem;
}

describe("a configuration", () => {
  it("needs the lab alone; the rest has defaults", () => {
    expect(parse({})).toEqual({
      lab: "swarm-basics",
      learner: "learner",
      identity: "~/.ssh/id_ed25519",
      installEngine: false,
      hosts: { memoryMib: 1024, cpus: 2, pids: 2048 },
      target: "container",
      images: "auto",
    });
  });

  it("is read from texts, as Pulumi hands them over, and from values, as YAML has them", () => {
    const texts = {
      "drydock:hosts": '{"memoryMib":512,"cpus":"1.5"}',
      "drydock:ports": "21000",
      "drydock:addresses": "172.16.32.0/19",
      "drydock:learner": "42",
    };
    const values = {
      ...texts,
      "drydock:hosts": { memoryMib: 512, cpus: 1.5 },
      "drydock:ports": 21000,
      "drydock:learner": 42,
    };
    expect(parse(texts)).toMatchObject({
      hosts: { memoryMib: 512, cpus: 1.5, pids: 2048 },
      ports: 21000,
      addresses: "172.16.32.0/19",
      learner: "42",
    });
    expect(parse(values)).toEqual(parse(texts));
  });

  it("names an engine on another machine by SSH, and by nothing else", () => {
    expect(parse({ "drydock:engine": "ssh://root@lab1:2222" })).toMatchObject({ engine: "ssh://root@lab1:2222" });
    for (const given of ["tcp://lab1:2375", "ssh://root:secret@lab1", "ssh://-oProxyCommand=id", "lab1"])
      expect(problemOf("drydock:engine", given)).toMatchObject({
        allowed: expect.stringContaining("ssh://user@host") as string,
      });
  });

  it("leaves the settings of others alone", () => {
    expect(parse({ "aws:region": "eu-north-1", "docker:host": "unix:///run/docker.sock" })).toEqual(parse({}));
  });

  it.each([
    ["2030-06-15", "2030-06-15T23:59:59.000Z"],
    ["2031-01-01T08:00:00+01:00", "2031-01-01T07:00:00.000Z"],
    ["2031-01-01T08:00:00Z", "2031-01-01T08:00:00.000Z"],
    // What Pulumi hands over for a YAML date without quotes.
    ["2099-12-31 00:00:00 +0000 UTC", "2099-12-31T23:59:59.000Z"],
    ["2099-12-31 18:00:00 +0100 +0100", "2099-12-31T17:00:00.000Z"],
    ["2099-12-31 17:00:00 +0000 UTC", "2099-12-31T17:00:00.000Z"],
  ])("has the expiry %s as the instant %s", (given, instant) => {
    expect(parse({ "drydock:expiry": given }).expiry).toBe(instant);
  });

  it("is either read or refused with problems, whatever the values", () => {
    const key = fc.constantFrom("lab", "learner", "hosts", "addresses", "ports", "images", "expiry", "other");
    fc.assert(
      fc.property(fc.dictionary(key, fc.jsonValue()), (settings) => {
        const raw = Object.fromEntries(Object.entries(settings).map(([name, value]) => [`drydock:${name}`, value]));
        try {
          expect(parseConfig(raw, context).lab).toBe(settings.lab);
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          expect(error.problems.length).toBeGreaterThan(0);
          for (const { path, fix } of error.problems) expect([path, fix]).not.toContain("");
        }
      }),
    );
  });
});

describe("a wrong configuration tells", () => {
  it("how to set the lab where there is none", () => {
    const [problem] = refusal({}).problems;
    expect(problem).toMatchObject({
      path: "drydock:lab",
      received: "nothing",
      fix: "Set drydock:lab to SLUG in Pulumi.dev.yaml.",
    });
  });

  it("everything at once, each with what was received, what is allowed and the fix", () => {
    const error = refusal({
      "drydock:lab": "swarm-failovr",
      "drydock:hosts": '{"memoryMib":"lots","cpu":1}',
      "drydock:ports": "80",
      "drydock:prots": "21000",
      "drydock:expiry": "yesterday",
    });
    expect(error.problems.map(({ path }) => path).toSorted()).toEqual([
      "drydock:expiry",
      "drydock:hosts.cpu",
      "drydock:hosts.memoryMib",
      "drydock:lab",
      "drydock:ports",
      "drydock:prots",
    ]);
    expect(error.message).toContain(
      'drydock:hosts.memoryMib: received "lots"; allowed: a whole number of MiB from 128 to 1048576. ' +
        "Set memoryMib of drydock:hosts to 1024 in Pulumi.dev.yaml.",
    );
    for (const { path } of error.problems) expect(error.message).toContain(path);
  });

  it("the nearest lab and all labs, sorted", () => {
    expect(problemOf("drydock:lab", "failover")).toEqual({
      path: "drydock:lab",
      received: '"failover"',
      allowed: "one of overlay-vxlan, swarm-basics, swarm-failover",
      fix: "Did you mean swarm-failover? Set drydock:lab to swarm-failover in Pulumi.dev.yaml.",
      line: undefined,
    });
    expect(problemOf("drydock:lab", "zzz").fix).toBe("Set drydock:lab to SLUG in Pulumi.dev.yaml.");
  });

  it.each([
    ["drydock:learnr", "Did you mean drydock:learner?"],
    ["drydock:hostss", "Did you mean drydock:hosts?"],
    ["learner", "Did you mean drydock:learner?"],
    ["drydok:expiry", "Did you mean drydock:expiry?"],
    ["drydock:somethingElse", "Remove it from Pulumi.dev.yaml."],
  ])("of the unknown key %s: %s", (key, fix) => {
    expect(problemOf(key, "x")).toMatchObject({ path: key, received: '"x"', fix });
  });

  it.each([
    ["engines", "engine"],
    ["labs", "lab"],
    ["learners", "learner"],
  ])("that %s is a class's, and what to take", (key, instead) => {
    const { allowed, fix } = problemOf(`drydock:${key}`, ["x"]);
    expect(fix).toBe(`A stack of one learner takes drydock:${instead} instead.`);
    expect(allowed.split(", ")).not.toContain(`drydock:${key}`);
  });

  it("how to set a limit where its path was taken for a key", () => {
    expect(problemOf("drydock:hosts.memoryMib", "512").fix).toBe(
      "Remove it, and set memoryMib of drydock:hosts to 1024 in Pulumi.dev.yaml.",
    );
  });

  it("the nearest limit for an unknown one", () => {
    expect(problemOf("drydock:hosts", { memory: 1 })).toMatchObject({
      path: "drydock:hosts.memory",
      received: "1",
      allowed: "drydock:hosts.cpus, drydock:hosts.memoryMib, drydock:hosts.pids",
      fix: "Did you mean drydock:hosts.memoryMib?",
    });
  });

  it.each([
    ["10.192.5.0/19", "10.192.0.0/19"],
    ["172.20.33.7/24", "172.20.32.0/19"],
    ["192.168.0.0/16", "192.168.0.0/19"],
    ["8.8.8.0/19", "10.192.0.0/19"],
    ["tomorrow", "10.192.0.0/19"],
  ])("of the block %s that %s may be meant", (given, meant) => {
    expect(problemOf("drydock:addresses", given)).toMatchObject({
      received: JSON.stringify(given),
      fix: `Set drydock:addresses to ${meant} in Pulumi.dev.yaml.`,
    });
  });

  it.each([["65505"], ["1023"], ["80.5"], ["many"], [true]])("that ports %j are not possible", (value) => {
    expect(problemOf("drydock:ports", value).allowed).toBe("a whole number from 1024 to 65504");
  });

  it("that an expiry is past, and how to have none", () => {
    const { allowed, fix } = problemOf("drydock:expiry", "2030-06-14");
    expect(allowed).toBe("a time after 2030-06-15T12:00:00.000Z");
    expect(fix).toBe("Set drydock:expiry to 2030-07-15 in Pulumi.dev.yaml, or remove it for never.");
  });

  it.each(["2031-01-01T08:00:00", "2031-02-30", "01/02/2031", "2031"])("that %s is no expiry", (given) => {
    expect(problemOf("drydock:expiry", given).allowed).toContain("time zone");
  });

  it("the line, where the file is known", () => {
    const lineOf = (path: string) => (path === "drydock:ports" ? 7 : undefined);
    expect(() => parseConfig({ "drydock:lab": "swarm-basics", "drydock:ports": "x" }, { ...context, lineOf })).toThrow(
      "drydock:ports (line 7): received",
    );
  });
});

describe("a wrong configuration of a class tells", () => {
  const problemsOf = (settings: Record<string, unknown>) =>
    refusal({ "drydock:learners": ["ada"], "drydock:labs": ["swarm-basics"], ...settings }, parseCohortConfig).problems;

  it("which learner is wrong, how, and nothing of the others", () => {
    const learners = ["ada", "Grace H", true, { id: "b", nme: "B" }, { name: "C" }, { id: "d", sshKey: "x" }];
    const found = problemsOf({ "drydock:learners": learners });
    expect(found.map(({ path, entry, received }) => [path, entry, received])).toEqual([
      ["drydock:learners[2]", "entry 2 of 6", '"Grace H"'],
      ["drydock:learners[3]", "entry 3 of 6", "true"],
      ["drydock:learners[4].nme", "entry 4 of 6", '"B"'],
      ["drydock:learners[5].id", "entry 5 of 6", "nothing"],
      ["drydock:learners[6].sshKey", "entry 6 of 6", '"x"'],
    ]);
    expect(found.map(({ allowed }) => allowed)).toEqual([
      expect.stringMatching(/^an id \(1 to 24 lower-case letters/),
      expect.stringMatching(/^an id \(1 to 24 lower-case letters/),
      "drydock:learners[4].id, drydock:learners[4].name, drydock:learners[4].sshKey",
      "1 to 24 lower-case letters, digits and inner dashes",
      expect.stringMatching(/^an SSH public key/),
    ]);
    expect(found[2]?.fix).toBe("Did you mean drydock:learners[4].name?");
  });

  it.each([
    ["engine", "A class takes drydock:engines instead."],
    ["lab", "A class takes drydock:labs instead."],
    ["learner", "A class takes drydock:learners instead."],
    ["ports", "Remove it from Pulumi.dev.yaml: a class does not take it."],
    ["expiri", "Did you mean drydock:expiry?"],
  ])("of the key %s: %s", (key, fix) => {
    const found = problemsOf({ [`drydock:${key}`]: "x" });
    expect(found).toMatchObject([{ path: `drydock:${key}`, fix }]);
    expect(found[0]?.allowed.split(", ")).not.toContain(`drydock:${key}`);
  });

  it("that a lab is there twice, and which is not known", () => {
    expect(problemsOf({ "drydock:labs": ["swarm-basics", "swarm-basics", "swarm-basis", "No Slug"] })).toMatchObject([
      {
        path: "drydock:labs[4]",
        received: '"No Slug"',
        allowed: expect.stringMatching(/^the slug of a lab/) as string,
      },
      {
        path: "drydock:labs[3]",
        entry: "entry 3 of 4",
        fix: expect.stringMatching(/^Did you mean swarm-basics\? Set entry 3/) as string,
      },
    ]);
    expect(problemsOf({ "drydock:labs": ["swarm-basics", "overlay-vxlan", "swarm-basics"] })).toMatchObject([
      { path: "drydock:labs[3]", received: '"swarm-basics"', allowed: "another lab than entry 1's, swarm-basics" },
    ]);
  });

  it.each([[[]], [""], [7]])("that %j is no learners", (learners) => {
    expect(problemsOf({ "drydock:learners": learners })).toMatchObject([
      { path: "drydock:learners", allowed: expect.stringMatching(/^a list of at least one learner/) as string },
    ]);
  });
});
