import fc from "fast-check";
import { expect, test } from "vitest";
import { overlayMtu } from "../../components/overlayMtu.ts";

test.each([
  [1500, false, 1450],
  [1500, true, 1424],
  [1400, true, 1324],
  [9000, false, 8950],
])("on a path of %i bytes, encrypted %s, an overlay has %i", (path, encrypted, mtu) => {
  expect(overlayMtu(path, encrypted)).toBe(mtu);
});

test("a frame with its headers always fits the path", () => {
  fc.assert(
    fc.property(fc.integer({ min: 576, max: 65535 }), fc.boolean(), (path, encrypted) => {
      expect(overlayMtu(path, encrypted) + 50 + (encrypted ? 26 : 0)).toBeLessThanOrEqual(path);
    }),
  );
});
