import type { Leftover } from "../../stacks/audit.ts";
import { table } from "../table.ts";

/** What is there, and how to be rid of each. */
export const leftoverText = (left: readonly Leftover[]): string =>
  table(
    ["KIND", "NAME", "DETAIL", "TO REMOVE IT"],
    left.map(({ kind, name, detail, fix }) => [kind, name, detail, fix]),
  );
