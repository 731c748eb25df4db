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
