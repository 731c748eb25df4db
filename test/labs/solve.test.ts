import { describe, expect, it } from "vitest";
import type { CommandResult } from "../../labs/check.ts";
import { parseGuide } from "../../labs/guide.ts";
import type { Capability } from "../../labs/lab.ts";
import { BlockError, runBlocks, selectBlocks, sharedCapabilities } from "../../labs/solve.ts";
import { VisibleError } from "../../stacks/visibleError.ts";

const can = (...names: Capability[]): Record<Capability, boolean> => ({
  vxlan: names.includes("vxlan"),
  ipvs: names.includes("ipvs"),
  esp: names.includes("esp"),
  macvlan: names.includes("macvlan"),
  apparmor: names.includes("apparmor"),
});

const block = (words: string, script: string) => `\`\`\`bash ${words}\n${script}\n\`\`\`\n`;

const guide = parseGuide(
  [
    "# T\n",
    "## Step 1: One\n",
    block("host=alpha", "always"),
    block("host=alpha needs=ipvs", "mesh"),
    block("host=beta without=ipvs", "dnsrr"),
    "## Step 2: Two\n",
    block("host=beta needs=ipvs,esp", "both"),
    block("host=laptop without=ipvs,esp", "neither"),
  ].join("\n"),
  { hosts: ["alpha", "beta"] },
);

const scripts = (capabilities: Record<Capability, boolean>, range = {}) =>
  selectBlocks(guide, { capabilities, ...range }).map(({ block }) => block.script.trim());

describe("selectBlocks", () => {
  it.each([
    [can(), ["always", "dnsrr", "neither"]],
    [can("ipvs"), ["always", "mesh"]],
    [can("esp"), ["always", "dnsrr"]],
    [can("ipvs", "esp"), ["always", "mesh", "both"]],
  ])("takes those that apply, in order", (capabilities, expected) => {
    expect(scripts(capabilities)).toEqual(expected);
  });

  it("takes a range of steps", () => {
    expect(scripts(can(), { upToStep: 1 })).toEqual(["always", "dnsrr"]);
    expect(scripts(can(), { fromStep: 2 })).toEqual(["neither"]);
    expect(scripts(can("ipvs", "esp"), { fromStep: 2, upToStep: 2 })).toEqual(["both"]);
  });
});

describe("sharedCapabilities", () => {
  it("is what all hosts can do", () => {
    const hosts = [{ capabilities: can("vxlan", "ipvs") }, { capabilities: can("vxlan", "esp") }];
    expect(sharedCapabilities(hosts)).toEqual(can("vxlan"));
  });
});

describe("runBlocks", () => {
  const answer = (result: Partial<CommandResult>): CommandResult => ({ code: 0, stdout: "", stderr: "", ...result });

  it("runs each block on its host, with a time limit, and tells of it before", async () => {
    const events: string[] = [];
    const ran = await runBlocks(guide, {
      capabilities: can(),
      timeoutSec: 7,
      onBlock: ({ step, block }) => events.push(`step ${step.number} ${block.host}`),
      run: (host, script, { timeoutSec }) => {
        events.push(`${host}: ${script.trim()} within ${timeoutSec}`);
        return Promise.resolve(answer({}));
      },
    });
    expect(events).toEqual([
      "step 1 alpha",
      "alpha: always within 7",
      "step 1 beta",
      "beta: dnsrr within 7",
      "step 2 laptop",
      "laptop: neither within 7",
    ]);
    expect(ran).toHaveLength(3);
  });

  it("stops at the first failure and shows step, line, host, code and the end of stderr", async () => {
    const ran: string[] = [];
    const stderr = Array.from({ length: 30 }, (_, index) => `line ${index}`).join("\n");
    const failure = runBlocks(guide, {
      capabilities: can(),
      run: (host) => {
        ran.push(host);
        return Promise.resolve(host === "beta" ? answer({ code: 3, stderr }) : answer({}));
      },
    });
    await expect(failure).rejects.toThrow(BlockError);
    await expect(failure).rejects.toThrow("Step 1 (One) failed on beta: the block of guide.md:13 exited with 3.");
    await expect(failure).rejects.toMatchObject({
      details: expect.arrayContaining(["line 29"]) as string[],
    });
    await expect(failure).rejects.not.toMatchObject({ details: expect.arrayContaining(["line 1"]) as string[] });
    expect(ran).toEqual(["alpha", "beta"]);
  });

  it("shows where it was when a block has no end", async () => {
    const run = () => Promise.reject(new Error("no answer within 180 s"));
    const failure = runBlocks(guide, { capabilities: can(), run });
    await expect(failure).rejects.toThrow("Step 1 (One) failed on alpha: the block of guide.md:5 has no end.");
    await expect(failure).rejects.toMatchObject({ details: ["no answer within 180 s"] });
  });

  it("leaves an error about the machine as it is", async () => {
    const error = new VisibleError("Host alpha does not answer.");
    await expect(runBlocks(guide, { capabilities: can(), run: () => Promise.reject(error) })).rejects.toBe(error);
  });

  it("shows the end of stdout where stderr is empty", async () => {
    const run = () => Promise.resolve(answer({ code: 1, stdout: "said here\n" }));
    await expect(runBlocks(guide, { capabilities: can(), run })).rejects.toMatchObject({ details: ["said here"] });
  });
});
