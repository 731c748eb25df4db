import type { Reporter } from "../stacks/reporter.ts";
import type { TargetName } from "../stacks/target.ts";

/** Where base images come from, as the setting `images` says. */
export type ImageSource = "auto" | "registry" | "bootstrap";

export interface SetupOptions {
  /** False refuses where a package of the operating system is missing, rather than install it. */
  install: boolean;
  /** "auto" by default: pulled where a registry answers, else bootstrapped. */
  imageSource?: ImageSource;
  /** What it is for: the targets ec2 and ssh need no engine here, and ec2 a plugin of its own. "container" by default. */
  target?: TargetName;
  reporter: Reporter;
  /** Of the engine that is to be used; by default that of `outerEngineUrl`. A local one is got where there is none. */
  engineUrl?: string | undefined;
  /** Folder for everything of ours; by default DRYDOCK_HOME, else .drydock in the checkout. */
  home?: string;
}

/** One thing that Drydock needs of a machine. */
export interface SetupStep {
  title: string;
  /** What is there, in a few words; undefined when `make` has something to do. Quick, and changes nothing. */
  look(): Promise<string | undefined>;
  /** Gets it, and says what came of it. Safe to be killed at any moment and run again. */
  make(say: Say): Promise<string>;
}

/** How a step tells what it does. */
export interface Say {
  /** What it is at; replaces what it said before. */
  progress: (text: string) => void;
  /** What must not go unseen, such as a change to the operating system. */
  note: (text: string) => void;
  /** Aborts when the user interrupts: what the step started then ends. */
  signal: AbortSignal;
}

/** What set-up found and did. */
export interface SetupReport {
  home: string;
  steps: { title: string; detail: string; changed: boolean }[];
}
