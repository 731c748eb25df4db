import type { Capability } from "./lab.ts";
import type { StackOutputs } from "../stacks/outputs.ts";

/** What a command on a host answered. */
export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** A host as a check sees it: live, over SSH. */
export interface CheckHost {
  name: string;
  address: string;
  capabilities: Record<Capability, boolean>;
  /** Runs a shell command as root; `timeoutSec` is 30 by default. Rejects only when the host cannot be reached. */
  run(command: string, options?: { timeoutSec?: number }): Promise<CommandResult>;
  /** GETs a path of the host's engine API, such as "/nodes"; rejects with the engine's message. */
  engine<T = unknown>(path: string): Promise<T>;
  /** The lines of what its engine has logged since the host was made, over all its starts, that match. */
  engineLog(pattern: RegExp): Promise<string[]>;
}

/** What a check is given: the stack's outputs and its hosts. */
export interface CheckContext {
  outputs: StackOutputs;
  /** The host of that name; an unknown name lists the known ones. */
  host(name: string): CheckHost;
  hosts: CheckHost[];
}

/** A verdict, with what was seen. */
export type Verdict =
  | { verdict: "pass"; evidence: string }
  | { verdict: "fail"; evidence: string; hint: string }
  | { verdict: "not-applicable"; reason: string };

/** Grades one step of a guide by looking at live state. */
export interface Check {
  /** Unique in the lab, kebab-case, stable: grades are kept under it. */
  id: string;
  /** Number of the guide's step. */
  step: number;
  /** What the learner has done when this passes. */
  title: string;
  run(context: CheckContext): Promise<Verdict>;
}

export const pass = (evidence: string): Verdict => ({ verdict: "pass", evidence });
export const fail = (evidence: string, hint: string): Verdict => ({ verdict: "fail", evidence, hint });
export const notApplicable = (reason: string): Verdict => ({ verdict: "not-applicable", reason });
