import fc from "fast-check";
import { expect, test } from "vitest";
import { labelsOf, tagsOf } from "../../../stacks/ec2/tags.ts";
import { isOwn } from "../../../stacks/labels.ts";
import { plan } from "../arbitraries.ts";

test("labels are tags that AWS takes", () => {
  fc.assert(
    fc.property(plan, ({ labels }) => {
      for (const value of Object.values(tagsOf(labels))) {
        expect(value).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u);
      }
    }),
  );
});

test("whose a thing is can be told from its tags, also of a home whose path no tag can have", () => {
  const labels = (home: string) => ({ "drydock.project": "drydock", "drydock.stack": "dev", "drydock.home": home });

  for (const home of ["box:/srv/drydock#0a1b2c3d", "box:/home/ada/my (own) labs#0a1b2c3d"]) {
    expect(isOwn(labelsOf(tagsOf(labels(home))), labels(home))).toBe(true);
    expect(isOwn(labelsOf(tagsOf(labels(home))), labels("other:/srv#ffffffff"))).toBe(false);
  }
});
