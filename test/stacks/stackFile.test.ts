import { describe, expect, it } from "vitest";
import { ConfigError, parseConfig } from "../../stacks/config.ts";
import { readStackFile } from "../../stacks/stackFile.ts";

const text = `# a comment
encryptionsalt: v1:abc
config:
  drydock:lab: swarm-basics
  aws:region: eu-north-1

  drydock:hosts:
    memoryMib: 10
  "drydock:prots": 21000
`;

describe("a stack's file", () => {
  it("gives its settings and their lines", () => {
    const { raw, lineOf } = readStackFile(text, "Pulumi.dev.yaml");
    expect(raw).toEqual({
      "drydock:lab": "swarm-basics",
      "aws:region": "eu-north-1",
      "drydock:hosts": { memoryMib: 10 },
      "drydock:prots": 21000,
    });
    expect(
      ["drydock:lab", "drydock:hosts", "drydock:hosts.memoryMib", "drydock:prots", "drydock:none"].map(lineOf),
    ).toEqual([4, 7, 8, 9, undefined]);
  });

  it("has lines of entries and of what is in them; of the entry for what is missing there", () => {
    const machines = "config:\n  drydock:machines:\n    - ssh: a\n      hostKey: b\n    - c\n    - { ssh: d }\n";
    const { lineOf } = readStackFile(machines, "Pulumi.dev.yaml");
    const paths = ["[1]", "[1].hostKey", "[1].address", "[2]", "[3].ssh", "[4]", "[4].ssh"];
    expect(paths.map((path) => lineOf(`drydock:machines${path}`))).toEqual([3, 4, 3, 5, 6, undefined, undefined]);
  });

  it("has the lines of its wrong settings told", () => {
    const { raw, lineOf } = readStackFile(text, "Pulumi.dev.yaml");
    let lines: unknown;
    try {
      parseConfig(raw, { stack: "dev", labs: ["swarm-basics"], lineOf });
    } catch (error) {
      lines = error instanceof ConfigError && error.problems.map(({ path, line }) => [path, line]);
    }
    expect(lines).toEqual([
      ["drydock:hosts.memoryMib", 8],
      ["drydock:prots", 9],
    ]);
  });

  it.each(["", "# nothing\n", "config:\n", "encryptionsalt: x\n"])("may hold no settings: %j", (empty) => {
    expect(readStackFile(empty, "Pulumi.dev.yaml").raw).toEqual({});
  });

  it("is refused with the line where it is no YAML", () => {
    expect(() => readStackFile("config:\n  a: [1\n", "Pulumi.dev.yaml")).toThrow(
      /Pulumi\.dev\.yaml is not valid YAML:[^]*line [23]/,
    );
    expect(() => readStackFile("config:\n  a:b: 1\n  a:b: 2\n", "Pulumi.dev.yaml")).toThrow(/unique/);
  });

  it.each(["config: 3\n", "config: [a]\n", "text"])("is refused where config is no map: %j", (wrong) => {
    expect(() => readStackFile(wrong, "Pulumi.dev.yaml")).toThrow(/Pulumi\.dev\.yaml holds no settings/);
  });
});
