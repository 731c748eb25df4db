import type { Whose } from "./inventory.ts";
import type { Plan } from "./plan.ts";
import type { Reporter } from "./reporter.ts";
import type { State } from "./stateFile.ts";

/** An object of a stack: a container of an engine, an instance of EC2 and so on. */
export interface SiteObject {
  /** "container", "network", "instance" and so on. */
  kind: string;
  /** As Pulumi's state has it. */
  id: string;
  name: string;
  labels: Record<string, string>;
  /** Id of the object that takes it along when it goes, such as the instance of a disk. */
  partOf?: string;
}

/** Where objects of stacks are: an engine, or a region of EC2. */
export interface Site {
  /** URL of the engine, or "EC2 in REGION". */
  name: string;
  /** Whether it is beyond this machine, so that others go on when it does not answer. */
  isElsewhere: boolean;
  /**
   * Does a command's work there.
   * @throws MachineError that names the site, when the work failed and the site was lost meanwhile.
   */
  work<T>(command: string, work: () => Promise<T>): Promise<T>;
  /** @throws MachineError when Pulumi's state says that the stack is on another one. */
  refuseOther(stack: string, state: State): void;
  /** Brings what this machine has of a plan's images, before the site is looked at with them. */
  bring(plan: Plan, reporter: Reporter): Promise<void>;
  /** Makes what Pulumi can show no progress of. */
  prepare(plan: Plan, reporter: Reporter, signal?: AbortSignal): Promise<void>;
  /** What carries a stack's labels, whichever home made it. */
  objects(whose: Whose): Promise<SiteObject[]>;
  /** Whether an `up` takes over an object of the stack that Pulumi does not know. */
  adopts(object: SiteObject, plan: Plan): boolean;
  /** Removes objects; answers what could not be removed, a line each with the reason. */
  sweep(objects: readonly SiteObject[]): Promise<string[]>;
  /** What a user runs to remove an object. */
  removal(object: SiteObject): string;
  /** How a plan's hosts are, by their names there: "running", "exited" and so on, or "missing". */
  states(plan: Plan): Promise<(container: string) => string>;
}
