import { knownNames } from "../../labs/suggest.ts";
import type { StackOutputs } from "../../stacks/outputs.ts";
import { VisibleError } from "../../stacks/visibleError.ts";

/** What a browser can show of a component. */
export interface Page {
  component: string;
  kind: string;
  /** The host that it runs on. */
  host: string;
  /** As that host reaches it. */
  url: URL;
  /** A shell command on the host that says why the component does not work. */
  probe: string;
}

/** The components of a lab that a browser can show something of. */
export const pages = ({ components }: StackOutputs): Page[] =>
  components.flatMap(({ name: component, kind, host, page, probe }) =>
    page === undefined ? [] : [{ component, kind, host, url: new URL(page), probe }],
  );

/** The page of the component of that name. @throws VisibleError that lists those that have one. */
export function pageOf(outputs: StackOutputs, name: string): Page {
  const known = pages(outputs);
  const found = known.find(({ component }) => component === name);
  if (found) return found;
  const names = known.map(({ component }) => component);
  throw new VisibleError(`Lab ${outputs.lab} has nothing to open that is called "${name}".`, {
    details: [names.length === 0 ? "it has no component with a page" : knownNames(name, names)],
  });
}

/** Port of a URL, its protocol's own where it names none. */
export const portOf = ({ port, protocol }: URL): number => Number(port) || (protocol === "https:" ? 443 : 80);
