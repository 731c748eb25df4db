import * as pulumi from "@pulumi/pulumi";
import type { AnyHandler } from "../../../provider/handler.ts";
import { handlers } from "../../../provider/handlers.ts";

/** A resource that a component made, by the provider's own handler. */
export interface LiveResource {
  type: string;
  id: string;
  handler: AnyHandler;
  inputs: Record<string, unknown>;
  /** Inputs and outputs, as they would be in Pulumi's state. */
  state: Record<string, unknown>;
}

/**
 * Declares components and makes what they declare on real hosts, without Pulumi's engine; its rules of order are kept,
 * as they are the SDK's.
 */
export async function makeLive<T>(declaration: () => T): Promise<{ made: Map<string, LiveResource>; returned: T }> {
  const made = new Map<string, LiveResource>();
  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: async ({ type, name, inputs: given }) => {
        const handler = handlers[type];
        if (!handler) return { id: name, state: given as object };
        const inputs = plain(given) as Record<string, unknown>;
        const created: { id: string; outputs: object } = await handler.create(inputs);
        const { id, outputs } = created;
        const state = { ...inputs, ...outputs };
        made.set(name, { type, id, handler, inputs, state });
        return { id, state };
      },
    },
    "drydock",
    "live",
  );
  const returned = declaration();
  await pulumi.runtime.disconnect();
  return { made, returned };
}

/** The value without the SDK's marks of secrecy. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if ("4dabf18193072939515e22adb298388d" in value) return plain((value as unknown as { value: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
