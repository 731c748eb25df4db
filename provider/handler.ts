import { isDeepStrictEqual } from "node:util";
import type { CreateResult, DiffResult, Provider, ReadResult, UpdateResult } from "@pulumi/pulumi/provider/index.js";
import { inTime } from "../engine/wait.ts";
import { lastingLabels } from "../stacks/labels.ts";

/** Pulumi's mark of a secret on the wire; pulumi/pulumi, sdk/nodejs/runtime/rpc.ts. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

type Properties = Record<string, unknown>;

/** One kind of resource: plain values in, plain values out. Inputs are kept in the state beside the outputs. */
export interface Handler<I extends object, O extends object> {
  /** Idempotent: what a killed create left behind is adopted or replaced. */
  create(inputs: I): Promise<{ id: string; outputs: O }>;
  /** The outputs as they are now, or undefined when the object is gone. Without it the state is taken as true. */
  read?(id: string, state: I & O): Promise<O | undefined>;
  /** Without it every change replaces the resource. */
  update?(id: string, state: I & O, inputs: I): Promise<O>;
  /** Succeeds when the object is gone already. Without it there is nothing to remove. */
  delete?(id: string, state: I & O): Promise<void>;
  /** Inputs whose change means another object. */
  replaceOn?: (keyof I)[];
  /** Inputs that only help to reach the object: their change alone does nothing. */
  ignore?: (keyof I)[];
  /** Whether what `read` found must be repaired by `update`. */
  drifted?(state: I & O): boolean;
  /** Outputs kept as Pulumi secrets. */
  secretOutputs?: (keyof O)[];
  /** Longest that an operation may take, in minutes; 15 by default. */
  deadlineMin?: number;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- handlers of different kinds in one table
export type AnyHandler = Handler<any, any>;

/**
 * Longest that an operation on one resource may take, in minutes: more than handlers give what they wait for themselves,
 * so that an engine which took a request and hangs is named, too.
 */
const deadlineMin = 15;

/** Serves the handlers, by resource type such as "drydock:index:SwarmNode", as a Pulumi provider. */
export function providerOf(handlers: Record<string, AnyHandler>, version: string): Provider {
  const handlerOf = (urn: string): AnyHandler => {
    const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
    const handler = handlers[type];
    if (!handler) throw new Error(`no resource type ${type}; there are ${Object.keys(handlers).sort().join(", ")}`);
    return handler;
  };

  const visibly = async <T>(operation: string, urn: string, work: (handler: AnyHandler) => Promise<T>): Promise<T> => {
    try {
      const handler = handlerOf(urn);
      const deadlineMs = (handler.deadlineMin ?? deadlineMin) * 60_000;
      return await inTime(`${operation} of ${urn.split("::").at(-1) ?? urn}`, deadlineMs, work(handler));
    } catch (error) {
      // Only the message crosses the wire; a stack trace is of no use to a learner.
      throw new Error(error instanceof Error ? error.message : String(error));
    }
  };

  return {
    version,
    check: (_urn, _olds, news: Properties) => Promise.resolve({ inputs: news }),

    diff: (_id, urn, olds: Properties, news: Properties): Promise<DiffResult> => {
      const handler = handlerOf(urn);
      const changed = Object.keys(news).filter(
        (key) =>
          !isDeepStrictEqual(compared(key, olds[key]), compared(key, news[key])) && !handler.ignore?.includes(key),
      );
      const replaces = changed.filter((key) => !handler.update || handler.replaceOn?.includes(key));
      const drifted = handler.drifted?.(reveal(olds)) ?? false;
      return Promise.resolve({
        changes: changed.length > 0 || drifted,
        replaces,
        deleteBeforeReplace: true,
      });
    },

    create: (urn, inputs: Properties): Promise<CreateResult> =>
      visibly("create", urn, async (handler) => {
        const made = await handler.create(reveal(inputs));
        return { id: made.id, outs: { ...inputs, ...conceal(handler, made.outputs as object) } };
      }),

    read: (id, urn, props: Properties = {}): Promise<ReadResult> =>
      visibly("read", urn, async (handler) => {
        if (!handler.read) return { id, props };
        const outputs = (await handler.read(id, reveal(props))) as object | undefined;
        return outputs ? { id, props: { ...props, ...conceal(handler, outputs) } } : { id: "", props: {} };
      }),

    update: (id, urn, olds: Properties, news: Properties): Promise<UpdateResult> =>
      visibly("update", urn, async (handler) => {
        const outputs = (await handler.update?.(id, reveal(olds), reveal(news))) as object;
        return { outs: { ...news, ...conceal(handler, outputs) } };
      }),

    delete: (id, urn, props: Properties): Promise<void> =>
      visibly("delete", urn, async (handler) => handler.delete?.(id, reveal(props))),
  };
}

/** An input as a change of it counts. */
function compared(key: string, value: unknown): unknown {
  const plain = reveal(value);
  return key === "labels" && plain instanceof Object ? lastingLabels(plain as Record<string, string>) : plain;
}

/** The value without Pulumi's secret marks. An unknown stays the marker it came as, which equals nothing known. */
function reveal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reveal);
  if (value === null || typeof value !== "object") return value;
  const record = value as Properties;
  if (record[signatureKey] === secretSignature) return reveal(record.value);
  return Object.fromEntries(Object.entries(record).map(([key, inner]) => [key, reveal(inner)]));
}

function conceal(handler: AnyHandler, outputs: object): Properties {
  const mark = (value: unknown) => ({ [signatureKey]: secretSignature, value });
  return Object.fromEntries(
    Object.entries(outputs)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, handler.secretOutputs?.includes(key) ? mark(value) : value]),
  );
}
