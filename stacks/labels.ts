/** Keys of the labels on everything that a stack makes. */
export const label = {
  project: "drydock.project",
  stack: "drydock.stack",
  lab: "drydock.lab",
  learner: "drydock.learner",
  /** Name of the cohort, on what belongs to one. */
  cohort: "drydock.cohort",
  /** ISO date-time; empty for never. */
  expiry: "drydock.expiry",
  /** "hostname:path#id" of the Drydock home that owns the object. */
  home: "drydock.home",
  /** Name of the host, on what belongs to one. */
  host: "drydock.host",
  /** On what several stacks share, which then has no stack label. */
  cache: "drydock.cache",
} as const;

/** Who made an object. */
export interface Owner {
  project: string;
  stack: string;
  home: string;
}

/** What the labels of a stack say. */
export interface StackFacts extends Owner {
  lab: string;
  learner: string;
  cohort: string | undefined;
  expiry: string | undefined;
}

/** The labels of everything made for a stack; what belongs to a host has `label.host` besides. */
export function stackLabels(facts: StackFacts): Record<string, string> {
  const { project, stack, lab, learner, cohort, expiry = "", home } = facts;
  return {
    [label.project]: project,
    [label.stack]: stack,
    [label.lab]: lab,
    [label.learner]: learner,
    [label.expiry]: expiry,
    [label.home]: home,
    ...(cohort === undefined ? {} : { [label.cohort]: cohort }),
  };
}

/** The stack that labels name, or undefined for an object that is no stack's. */
export function ownerOf(labels: Record<string, string>): Owner | undefined {
  const { [label.project]: project, [label.stack]: stack, [label.home]: home } = labels;
  return project === undefined || stack === undefined || home === undefined ? undefined : { project, stack, home };
}

/**
 * Whether two labels name one home: the same place on the same machine, or the same id, as a machine's name changes. One
 * that was deleted and made again has another id, and what it made before is still its own.
 */
export function isSameHome(one: string, other: string): boolean {
  const [a, b] = [homeOf(one), homeOf(other)];
  const samePlace = a.hostname === b.hostname && a.path === b.path;
  return samePlace || (a.id !== undefined && a.id === b.id);
}

/** The parts of a home's label. */
export function homeOf(home: string): { hostname: string; path: string; id: string | undefined } {
  const [, hostname = "", path = home, id] = /^([^:]*):(.*?)(?:#([0-9a-f]+))?$/.exec(home) ?? [];
  return { hostname, path, id };
}

/** Whether two sets of labels name the same stack of the same home. */
export function isOwn(labels: Record<string, string>, own: Record<string, string>): boolean {
  const [one, other] = [ownerOf(labels), ownerOf(own)];
  if (one === undefined || other === undefined) return false;
  return one.project === other.project && one.stack === other.stack && isSameHome(one.home, other.home);
}

/**
 * The labels without those that say something about a stack but do not make it another: who learns on it, and until
 * when. What stands keeps the former ones rather than be made anew.
 */
export function lastingLabels(labels: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => key !== label.learner && key !== label.expiry));
}
