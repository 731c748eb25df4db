import { z } from "zod";
import { cohortSettings, namespace, settingMeta, settings } from "./settings.ts";

/** The JSON Schema of Pulumi.<stack>.yaml, as text: editors complete and check the file by it. */
export function stackFileSchema(): string {
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Settings of a Drydock stack",
    type: "object",
    properties: { config: { anyOf: [configSchema(settings), configSchema(cohortSettings)] } },
    required: ["config"],
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

/** Of one learner's stack, or of a cohort's. */
function configSchema(shape: z.ZodObject) {
  const { properties = {}, required = [] } = z.toJSONSchema(shape, { io: "input", override: describe });
  const prefixed = (key: string) => `${namespace}:${key}`;
  return {
    type: "object",
    properties: Object.fromEntries(Object.entries(properties).map(([key, schema]) => [prefixed(key), schema])),
    patternProperties: { [`^(?!${namespace}:).+:`]: {} },
    required: required.map(prefixed),
    additionalProperties: false,
  };
}

/** Adds what zod leaves out of an input's schema, and text for what is no text: `pulumi config set` writes text. */
function describe({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: z.core.JSONSchema.BaseSchema }) {
  const { type } = jsonSchema;
  const meta = settingMeta.get(zodSchema);
  if (meta) {
    const { description, absence, examples } = meta;
    jsonSchema.description = absence === undefined ? description : `${description} By default ${absence}.`;
    jsonSchema.examples = examples;
    if (type === "integer" || type === "number" || type === "object") jsonSchema.type = [type, "string"];
  }
  if (zodSchema instanceof z.ZodDefault) jsonSchema.default = zodSchema.def.defaultValue;
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
}
