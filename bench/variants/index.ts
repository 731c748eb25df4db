import type { Variant, VariantContext, VariantName } from "../variant.ts";
import { bound } from "./bound.ts";
import { compose } from "./compose.ts";
import { ours } from "./ours.ts";
import { plain } from "./plain.ts";

/** Each way by its name. */
export const makeVariant: Record<VariantName, (context: VariantContext) => Variant | Promise<Variant>> = {
  bound,
  compose,
  plain,
  ours,
};
