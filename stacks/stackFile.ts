import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { withoutPrivateKey } from "../access/publicKey.ts";
import { VisibleError } from "./visibleError.ts";

/** The settings in a Pulumi.<stack>.yaml, as they are written there. */
export interface StackFile {
  /** Keys with their namespace, for `parseConfig`. */
  raw: Record<string, unknown>;
  /** Line of a key such as "drydock:hosts.memoryMib" or "drydock:machines[2].ssh", all counted from 1; of the entry where it has no such key. */
  lineOf: (path: string) => number | undefined;
}

const content = z.looseObject({ config: z.record(z.string(), z.unknown()).nullish() }).nullable();

/**
 * Reads the text of a Pulumi.<stack>.yaml.
 *
 * @param file Its name, for messages.
 * @throws VisibleError when it is no YAML, or its `config` is no map.
 */
export function readStackFile(text: string, file: string): StackFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  if (document.errors.length > 0) {
    throw new VisibleError(`${file} is not valid YAML:`, {
      details: document.errors.map(({ message }) => told(message.trim(), text)),
    });
  }
  const parsed = content.safeParse(document.toJS());
  if (!parsed.success) {
    throw new VisibleError(`${file} holds no settings: "config" is to be a map of keys to values.`, {
      fix: 'Write it as "config:", and each setting on a line below, such as "  drydock:lab: SLUG".',
    });
  }
  const lineOf = (path: string): number | undefined => {
    const [, list, entry, inner] = /^([^[]+)\[(\d+)\](?:\.(.+))?$/.exec(path) ?? [];
    const keys =
      list === undefined ? path.split(".") : [list, Number(entry) - 1, ...(inner === undefined ? [] : [inner])];
    const start = startOf(document.getIn(["config", ...keys.slice(0, -1)]), keys.at(-1));
    if (start === undefined) return inner === undefined ? undefined : lineOf(`${list}[${entry}]`);
    return lineCounter.linePos(start).line;
  };
  return { raw: parsed.data?.config ?? {}, lineOf };
}

/** Where a key of a map, or an entry of a list, begins. */
function startOf(parent: unknown, key: string | number | undefined): number | undefined {
  const node = isSeq(parent)
    ? parent.items[Number(key)]
    : isMap(parent)
      ? parent.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.key
      : undefined;
  return isNode(node) ? node.range?.[0] : undefined;
}

/** A message shows the lines at fault, but not of a file with a private key in it. */
const told = (message: string, text: string) =>
  withoutPrivateKey(text) === text ? message : (message.split("\n")[0] ?? "");
