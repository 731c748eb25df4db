import { expect, it } from "vitest";
import { parseSigns, restartsOf, wasDead } from "../../../labs/34-swarm-failover/engineLife.ts";
import { lifeOf, says } from "./engineLog.ts";

it("reads what engines write", () => {
  const lines = [
    `time="2026-11-25T02:00:00.5Z" level=info msg="Starting up"`,
    `time="2026-11-25T02:00:01.123456789Z" level=info msg="6f became leader at term 2" module=raft node-id=x`,
    `time="2026-11-25T02:00:02Z" level=info msg="raft.node: 6f elected leader 6f at term 2" module=raft node-id=x`,
    `time="2026-11-25T02:00:03Z" level=error msg="agent: session failed" backoff=100ms module=node/agent`,
    `time="2026-11-25T02:00:04Z" level=info msg="Processing signal 'terminated'"`,
    "no time here",
  ];
  const second = Date.parse("2026-11-25T02:00:00Z");
  expect(parseSigns(lines)).toEqual([
    { at: second + 500, kind: "began" },
    { at: second + 1123, kind: "leader", term: 2 },
    { at: second + 2000, kind: "alive" },
    { at: second + 3000, kind: "cut off" },
    { at: second + 4000, kind: "told to end" },
  ]);
});

it("a first start is none after a death", () => {
  expect(restartsOf(lifeOf("m", says.begins(0), says.leads(1, 2)))).toEqual([]);
});

it("tells how an engine ended, in what role, and when it was last heard of", () => {
  const life = lifeOf(
    "m",
    ...[says.begins(0), says.follows(1, 2), says.leads(5, 3), says.votes(9, 3)],
    ...[says.begins(20), says.follows(21, 4), says.isTold(30)],
    says.begins(40),
  );
  expect(restartsOf(life)).toEqual([
    { at: 20_000, lastSeen: 9_000, died: { at: 5_000, kind: "leader", term: 3 }, killed: true },
    { at: 40_000, lastSeen: 30_000, died: { at: 21_000, kind: "follower", term: 4 }, killed: false },
  ]);
});

it("an engine was dead when its next word is its first, or none", () => {
  const life = lifeOf("m", says.begins(3), says.follows(10, 2), says.begins(30), says.votes(40, 3));
  expect([1, 5, 20, 35, 50].map((second) => wasDead(life, second * 1000))).toEqual([false, false, true, false, true]);
});
