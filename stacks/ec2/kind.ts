import type { Filter } from "@aws-sdk/client-ec2";
import type { Aws } from "./aws.ts";

/** Something of AWS that carries tags. */
export interface Tagged {
  id: string;
  tags: Record<string, string>;
  /** Id of the instance that takes it along when it goes. */
  partOf?: string | undefined;
  /** "running", "stopped" and so on, of an instance. */
  state?: string | undefined;
}

/** A kind of things that a stack has, or may have had made beside it. */
export interface Kind {
  kind: string;
  /** What removes one, of AWS's own tool, without its id. */
  command: string;
  /** Those that carry a stack's tags. */
  list(aws: Aws, filters: Filter[]): Promise<Tagged[]>;
  /** Removes one; it may be in use yet, which is an error then. */
  remove(aws: Aws, id: string): Promise<unknown>;
}

/** All of a paginator's pages. */
export async function pages<Page, T>(
  paginator: AsyncIterable<Page>,
  of: (page: Page) => T[] | undefined,
): Promise<T[]> {
  const all: T[] = [];
  for await (const page of paginator) all.push(...(of(page) ?? []));
  return all;
}
