import { parseSigns, type EngineLife } from "../../../labs/34-swarm-failover/engineLife.ts";

/** A second of the story, as an engine writes it. */
const line = (second: number, message: string, rest = "") =>
  `time="${new Date(second * 1000).toISOString()}" level=info msg="${message}"${rest}`;
const raft = (second: number, message: string) => line(second, message, " module=raft node-id=n");

/** What engines write at some second. */
export const says = {
  begins: (second: number) => line(second, "Starting up"),
  isTold: (second: number) => line(second, "Processing signal 'terminated'"),
  leads: (second: number, term: number) => raft(second, `1a2b became leader at term ${term}`),
  follows: (second: number, term: number) => raft(second, `1a2b became follower at term ${term}`),
  stands: (second: number, term: number) => raft(second, `1a2b became candidate at term ${term}`),
  votes: (second: number, term: number) => raft(second, `1a2b cast MsgVote for 3c4d at term ${term}`),
  isCutOff: (second: number) => line(second, "agent: session failed", " module=node/agent"),
};

/** The life of an engine that wrote these lines. */
export const lifeOf = (host: string, ...lines: string[]): EngineLife => ({ host, signs: parseSigns(lines) });
