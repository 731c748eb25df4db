import type Docker from "dockerode";
import type { Topology } from "./topology.ts";

/** The ways that are measured, the lower bound first. */
export const variants = {
  bound: "raw engine API",
  compose: "Compose and a script",
  plain: "plain Pulumi",
  ours: "Drydock",
} as const;
export type VariantName = keyof typeof variants;

/** What is timed of a way. */
export const operations = ["up", "again", "down"] as const;
export type Operation = (typeof operations)[number];

/** A way to the same topology. Each operation ends when its work is done, not when it was asked for. */
export interface Variant {
  /** From nothing until every node is ready and the overlay network there. */
  up: () => Promise<void>;
  /** The same once more, with nothing to do; the raw API has no such thing. */
  again?: () => Promise<void>;
  down: () => Promise<void>;
}

/** What a way is given. */
export interface VariantContext {
  engine: Docker;
  engineUrl: string;
  topology: Topology;
  /** A folder for its files, removed with the rest. */
  folder: string;
  /** The command that is Docker Compose. */
  compose: string[];
  /** Aborts child processes. */
  signal: AbortSignal;
}
