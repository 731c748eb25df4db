import { hostKinds } from "./hostKinds.ts";
import { iamKinds } from "./iamKinds.ts";
import type { Kind } from "./kind.ts";
import { networkKinds } from "./networkKinds.ts";

/** In the order in which they can be removed. */
export const kinds: readonly Kind[] = [...hostKinds, ...networkKinds, ...iamKinds];
