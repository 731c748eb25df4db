import { configurationReference } from "./reference.ts";
import { stackFileSchema } from "./schema.ts";

/** Files of the repository that are made from the settings, by their paths: `node stacks/generate.ts` writes them. */
export const generated: Record<string, () => string> = {
  "docs/configuration.md": configurationReference,
  "schema/pulumi-stack.schema.json": stackFileSchema,
};
