import { expect, test } from "vitest";
import { table } from "../../cli/table.ts";
import { findingsText } from "../../cli/views/findingsText.ts";
import { gradedText } from "../../cli/views/gradedText.ts";
import { planText } from "../../cli/views/planText.ts";
import { statusText } from "../../cli/views/statusText.ts";
import { upText } from "../../cli/views/upText.ts";
import type { Graded } from "../../labs/grade.ts";
import { fail, notApplicable, pass } from "../../labs/check.ts";
import { forecast } from "../../stacks/capacity.ts";
import { plannedHost, swarmLab, swarmOutputs, swarmPlan } from "./samples.ts";

const plain = (_format: unknown, text: string) => text;

test("a table is aligned, colours aside, and leaves out columns that are empty", () => {
  const red = "\u001b[31mdown\u001b[39m";
  expect(
    table(
      ["HOST", "NOTE", "STATE"],
      [
        ["a", "", red],
        ["longer", "", "up"],
      ],
    ),
  ).toBe(`HOST    STATE\na       ${red}\nlonger  up\n`);
});

test("verdicts show evidence and hint by step, and are counted", () => {
  const graded: Graded[] = [
    { id: "one", step: 1, title: "First", verdict: pass("3 nodes"), milliseconds: 5 },
    { id: "two", step: 2, title: "Second", verdict: fail("saw\ntwo lines", "try this"), milliseconds: 5 },
    { id: "three", step: 2, title: "Third", verdict: notApplicable("no ip_vs"), milliseconds: 5 },
  ];
  expect(gradedText(graded, plain)).toBe(
    [
      "Step 1",
      "  ✔ First",
      "      3 nodes",
      "",
      "Step 2",
      "  ✖ Second",
      "      saw",
      "      two lines",
      "      hint: try this",
      "  – Third",
      "      not applicable: no ip_vs",
      "",
      "1 passed, 1 failed, 1 not applicable",
      "",
    ].join("\n"),
  );
});

test("a plan shows every host's address and port, and what it takes", () => {
  const text = planText(swarmPlan, forecast(swarmPlan));
  expect(text).toMatch(/^swarm-failover on containers, stack dev, /);
  for (const { name, address, sshPort } of swarmPlan.hosts) {
    expect(text).toMatch(
      new RegExp(`^${name} .*${address.replaceAll(".", String.raw`\.`)} .*127\\.0\\.0\\.1:${sshPort} `, "m"),
    );
  }
  expect(text).toContain("zone=a");
  expect(text).toMatch(/6 containers, 1 network, 5 volumes; about \d+ MiB of memory and \d+ MiB of disk/);
});

test("a plan tells what is left out where no registry can be reached, and why", () => {
  const told = (imageSource: "auto" | "registry" | "bootstrap") =>
    planText({ ...swarmPlan, imageSource, images: ["nginx", "grafana"] }, forecast(swarmPlan));
  expect(told("auto")).toMatch(/^Where no registry can be reached, grafana is left out: its web pages/m);
  expect(told("bootstrap")).toMatch(/^grafana is left out: its web pages/m);
  expect(told("registry")).not.toContain("grafana");
});

test("what is up comes with the next commands, for the same stack", () => {
  const report = { changed: true, created: 9, updated: 1, deleted: 0, same: 3, seconds: 21.4, outputs: swarmOutputs };
  const stack = { name: "class", lab: swarmLab, plan: { ...swarmPlan, stack: "class" } };
  const warning = { about: "kernel: ip_vs", verdict: "warning" as const, seen: "missing", fix: "modprobe ip_vs" };
  const text = upText(stack, report, [warning], plain);
  expect(text).toContain("(9 created, 1 updated, 21 s)");
  expect(text).toContain("! kernel: ip_vs: missing\n  → modprobe ip_vs\n");
  expect(text).toContain("labs/34-swarm-failover/guide.md");
  for (const next of ["ssh manager-1", "check", "hint", "down"])
    expect(text).toContain(`drydock ${next} --stack class`);
  expect(upText({ ...stack, name: "dev" }, { ...report, changed: false }, [], plain)).toMatch(
    /\(nothing to do, .*\)[^]*drydock check {2}/,
  );
});

test("what is up says how published ports are reached, where there is a Swarm", () => {
  const base = { changed: false, created: 0, updated: 0, deleted: 0, same: 3, seconds: 1 };
  const stack = { name: "dev", lab: swarmLab, plan: swarmPlan };
  const shown = (outputs: typeof swarmOutputs) => upText(stack, { ...base, outputs }, [], plain);
  const swarm = { clusterId: "c", managers: [], workers: [] };
  expect(shown(swarmOutputs)).not.toContain("published ports");
  expect(shown({ ...swarmOutputs, swarm: { ...swarm, ingress: "mesh" } })).toContain("through the routing mesh");
  expect(shown({ ...swarmOutputs, swarm: { ...swarm, ingress: "host" } })).toContain("publish with mode=host");
});

test("a host that is dead is named with the reason, and the rest is shown", () => {
  const status = {
    stack: "dev",
    lab: "swarm-failover",
    learner: "learner",
    up: false,
    expired: false,
    network: swarmPlan.network,
    registry: { address: swarmPlan.registry.address, container: "running" },
    networks: [],
    hosts: [
      { ...plannedHost(swarmPlan, 0), container: "exited", problem: "connection refused" },
      {
        ...plannedHost(swarmPlan, 1),
        container: "running",
        engine: "26.1.5",
        node: { role: "leader" as const, state: "ready", availability: "drain" },
      },
    ],
    components: [
      { name: "hub", kind: "private registry", host: "manager-2", address: "manager-2:5000", problem: "it is full" },
      { name: "cache", kind: "pull-through cache", host: "manager-2", address: "manager-2:5005" },
    ],
  };
  const text = statusText(status, plain);
  expect(text).toMatch(/^swarm-failover, stack dev: partly up, never expires$/m);
  expect(text).toMatch(/^manager-1 .* exited +no answer$/m);
  expect(text).toMatch(/^manager-2 .* running +26\.1\.5 +leader, ready, drain$/m);
  expect(text).toContain("manager-1: connection refused");
  expect(text).toMatch(/^hub +private registry +manager-2 +manager-2:5000 +not ready$/m);
  expect(text).toMatch(/^cache +pull-through cache .* ready$/m);
  expect(text).toContain("private registry hub: it is full");
});

test("a finding's fix stands below it, and problems are counted", () => {
  const text = findingsText(
    [
      { about: "engine", verdict: "ok", seen: "Docker 26" },
      { about: "memory", verdict: "problem", seen: "10 MiB there", fix: "Stop something." },
    ],
    { lab: "swarm-basics", carrier: "This machine", paint: plain },
  );
  expect(text).toBe(
    "✔ engine  Docker 26\n✖ memory  10 MiB there\n          → Stop something.\n\n1 to mend before swarm-basics can be brought up here.\n",
  );
});
