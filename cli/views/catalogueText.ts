import type { ServiceImage } from "../../images/catalogue.ts";
import type { Resolved } from "../../images/digests.ts";
import { table } from "../table.ts";

/** The catalogue as its reader needs it: what is pulled, and what is made in its place. */
export const catalogueText = (
  images: Record<string, ServiceImage>,
  digests: Record<string, string | undefined>,
): string =>
  table(
    ["IMAGE", "UPSTREAM", "DIGEST", "WITHOUT A REGISTRY"],
    Object.entries(images).map(([name, image]) => [
      name,
      image.upstream,
      digests[image.upstream] ?? "not recorded",
      withoutRegistry(image),
    ]),
  );

function withoutRegistry({ go, noRecipe }: ServiceImage): string {
  if (noRecipe !== undefined) return `left out: ${noRecipe}`;
  return go ? `built with Go, images/${go.module}` : "built from Debian packages";
}

/** What a registry answered. */
export const lockText = (resolved: readonly Resolved[]): string =>
  table(
    ["UPSTREAM", "DIGEST"],
    resolved.map(({ upstream, digest, error }) => [upstream, digest ?? `none: ${error?.split("\n")[0]}`]),
  );
