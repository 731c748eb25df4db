import { readFileSync } from "node:fs";
import { unzipSync, strFromU8 } from "fflate";
import { describe, expect, test } from "vitest";
import { packages } from "../../../labs/27-supply-chain/gate.ts";
import { toolFiles } from "../../../labs/27-supply-chain/tools.ts";

const files = toolFiles("build:5000");

interface Advisory {
  id: string;
  details: string;
  affected: { package: { ecosystem: string; name: string } }[];
}

describe("the database of advisories", () => {
  const { content = "", encoding } = files["/root/advisories/osv-scalibr/npm/all.zip"] ?? {};
  const entries = Object.entries(unzipSync(Buffer.from(content, encoding)));
  const advisories = entries.map(([name, bytes]) => ({ name, ...(JSON.parse(strFromU8(bytes)) as Advisory) }));

  test("is what the learner can read in the lab's files, each under its identifier", () => {
    expect(advisories.map(({ id }) => id).toSorted()).toEqual([
      "DRYDOCK-2026-0001",
      "DRYDOCK-2026-0002",
      "DRYDOCK-2026-0003",
    ]);
    for (const [name, bytes] of entries) {
      const file = new URL(`../../../labs/27-supply-chain/files/${name}`, import.meta.url);
      expect(strFromU8(bytes)).toBe(readFileSync(file, "utf8"));
    }
  });

  test("says of each that it was made for the lab, and knows only packages of the lab", () => {
    for (const { details, affected, id } of advisories) {
      expect(details, id).toMatch(/^Made for a Drydock lab/);
      for (const { package: known } of affected) expect(known.name, id).toMatch(/^drydock-/);
    }
  });

  test("knows the packages that the checks give to a gate", () => {
    const known = advisories.flatMap(({ affected }) => affected.map((one) => one.package.name));
    for (const name of Object.values(packages)) expect(known).toContain(name.split(" ")[0]);
  });

  test("is the same each time that it is made", () => {
    expect(toolFiles("build:5000")).toEqual(files);
  });
});

test.each(["cosign", "osv-scanner", "syft"])("%s is a command that anybody may run", (tool) => {
  const file = files[`/usr/local/bin/${tool}`];
  expect(file?.mode).toBe(0o755);
  expect(file?.content).toMatch(new RegExp(`^#!/bin/sh\\n[^]*\\b${tool}:\\S+ "\\$@"\\n$`));
});
