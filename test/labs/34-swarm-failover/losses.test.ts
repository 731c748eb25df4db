import { describe, expect, it } from "vitest";
import { leaderLosses, vainCandidacies } from "../../../labs/34-swarm-failover/losses.ts";
import { lifeOf, says } from "./engineLog.ts";

/** Manager a founds the Swarm and leads in term 2; b and c follow. */
const start = {
  a: [says.begins(0), says.follows(1, 1), says.stands(1, 2), says.leads(2, 2)],
  b: [says.begins(0), says.follows(3, 2)],
  c: [says.begins(0), says.follows(4, 2)],
};

/** Managers that wrote what they do at the start, and then these lines. */
const swarm = (then: Partial<Record<keyof typeof start, string[]>>) =>
  (["a", "b", "c"] as const).map((name) => lifeOf(name, ...start[name], ...(then[name] ?? [])));

describe("a lost leader", () => {
  const elected = { b: [says.stands(60, 3), says.leads(61, 3)], c: [says.votes(60, 3)] };

  it("was killed, and another was elected while it was away", () => {
    expect(leaderLosses(swarm({ ...elected, a: [says.begins(90), says.follows(91, 3)] }))).toEqual([
      { leader: "a", term: 2, killed: true, successor: { host: "b", term: 3 } },
    ]);
  });

  it("is told from one that was told to end", () => {
    expect(leaderLosses(swarm({ ...elected, a: [says.isTold(50), says.begins(90)] }))).toMatchObject([
      { leader: "a", killed: false },
    ]);
  });

  it("is told from one that was back before anybody was elected", () => {
    const early = { ...elected, a: [says.begins(55), says.follows(56, 2)] };
    expect(leaderLosses(swarm(early))).toEqual([{ leader: "a", term: 2, killed: true, successor: undefined }]);
  });

  it("is told from one that gave way and lives, with a follower killed", () => {
    const demoted = { a: [says.follows(60, 3)], b: elected.b, c: [says.begins(90), says.follows(91, 3)] };
    expect(leaderLosses(swarm(demoted))).toEqual([]);
  });

  it("is told from one that had given way before it was killed", () => {
    expect(leaderLosses(swarm({ ...elected, a: [says.follows(62, 3), says.begins(90)] }))).toEqual([]);
  });

  it("is lost still while it has not begun anew", () => {
    expect(leaderLosses(swarm(elected))).toEqual([]);
  });
});

describe("a lost quorum", () => {
  it("lets the manager that is left stand for election in vain", () => {
    const lost = {
      a: [says.follows(50, 2), says.stands(60, 3), says.stands(75, 4), says.leads(95, 5)],
      b: [says.begins(90), says.votes(94, 5)],
      c: [says.begins(91), says.votes(94, 5)],
    };
    expect(vainCandidacies(swarm(lost))).toEqual([
      { candidate: "a", term: 3, dead: ["b", "c"] },
      { candidate: "a", term: 4, dead: ["b", "c"] },
    ]);
  });

  it("is told from two that were killed one after the other", () => {
    const inTurn = {
      a: [says.stands(60, 3), says.leads(61, 3), says.stands(120, 4), says.leads(121, 4)],
      b: [says.begins(80), says.follows(81, 3), says.votes(121, 4)],
      c: [says.votes(61, 3), says.begins(140)],
    };
    expect(vainCandidacies(swarm(inTurn))).toEqual([]);
  });

  it("is told from a Swarm whose other managers have not joined yet", () => {
    const founder = lifeOf("a", says.begins(0), says.stands(1, 2), says.leads(2, 2));
    expect(vainCandidacies([founder, lifeOf("b", says.begins(3)), lifeOf("c", says.begins(4))])).toEqual([]);
  });

  it("is told from a manager that was cut off and stood while the others lived", () => {
    const cutOff = { a: [says.stands(60, 3), says.stands(70, 4)], b: [says.votes(80, 2)], c: [says.votes(81, 2)] };
    expect(vainCandidacies(swarm(cutOff))).toEqual([]);
  });
});
