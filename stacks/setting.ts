import { z } from "zod";

/** What is told of a setting, in errors, in the JSON Schema and in docs/configuration.md. */
export interface SettingMeta {
  description: string;
  /** The values that are accepted, in words. */
  allowed: string;
  /** What absence means, where that is no fixed value. */
  absence?: string;
  /** The first is also what an error's fix proposes. */
  examples: unknown[];
}

/** The descriptions of settings, by their schemas. */
export const settingMeta = z.registry<SettingMeta>();

/** Pulumi hands every value over as text, and objects as JSON. */
export const fromJson = (value: unknown): unknown => {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
};

/** A bare 42 in YAML is meant as text where text is asked for. */
export const fromScalar = (value: unknown): unknown => (typeof value === "number" ? String(value) : value);

export const text = (pattern: RegExp) => z.preprocess(fromScalar, z.string().regex(pattern));
export const number = (schema: z.ZodNumber) => z.preprocess(fromJson, schema);

/** What a check of ours says of a value in place of what the setting does. */
export interface Reason {
  allowed: string;
  fix: string;
}

/** What no two entries of a list may share. */
export interface Distinct<Entry> {
  /** Its name, in words. */
  what: string;
  of: (entry: Entry) => string;
  /** Where it stands in an entry; the entry itself by default. */
  key?: string;
  fix: string;
}

/** Refuses each entry that shares something with an earlier one, for the first thing that it shares. */
export const refuseSame =
  <Entry>(...distinct: Distinct<Entry>[]) =>
  (entries: Entry[], context: z.RefinementCtx): void => {
    entries.forEach((entry, index) => {
      const shared = distinct
        .map((rule) => ({ rule, first: entries.findIndex((other) => rule.of(other) === rule.of(entry)) }))
        .find(({ first }) => first < index);
      if (shared === undefined) return;
      const { first, rule } = shared;
      const allowed = `another ${rule.what} than entry ${first + 1}'s, ${rule.of(entry)}`;
      const reason: Reason = { allowed, fix: rule.fix };
      const path = [index, ...(rule.key === undefined ? [] : [rule.key])];
      context.addIssue({ code: "custom", path, params: { ...reason } });
    });
  };
