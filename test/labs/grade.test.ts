import { describe, expect, it } from "vitest";
import { notApplicable, pass, type Check, type CheckContext, type Verdict } from "../../labs/check.ts";
import { grade } from "../../labs/grade.ts";

const context = {} as CheckContext;
const check = (id: string, step: number, run: () => Promise<Verdict>): Check => ({ id, step, title: id, run });

describe("grade", () => {
  it("gives verdicts in the order of the steps, with the time they took", async () => {
    const graded = await grade(
      [
        check("later", 2, () => Promise.resolve(notApplicable("no such kernel"))),
        check("first", 1, () => Promise.resolve(pass("seen"))),
      ],
      context,
    );
    expect(graded).toEqual([
      { id: "first", step: 1, title: "first", verdict: pass("seen"), milliseconds: expect.any(Number) as number },
      {
        id: "later",
        step: 2,
        title: "later",
        verdict: notApplicable("no such kernel"),
        milliseconds: expect.any(Number) as number,
      },
    ]);
  });

  it("takes one step when told so", async () => {
    const checks = [1, 2, 2].map((step, index) => check(`check-${index}`, step, () => Promise.resolve(pass("seen"))));
    expect((await grade(checks, context, { step: 2 })).map(({ id }) => id)).toEqual(["check-1", "check-2"]);
  });

  it.each([
    ["rejects", () => Promise.reject(new Error("host is gone")), /^could not look: host is gone$/],
    ["throws", () => raise("broken"), /^could not look: broken$/],
    ["never ends", () => new Promise<Verdict>(() => undefined), /^could not look: no verdict within 0.05 s$/],
  ])("fails a check that %s", async (_what, run, evidence) => {
    const [graded] = await grade([check("bad", 1, run)], context, { timeoutSec: 0.05 });
    expect(graded?.verdict).toMatchObject({ verdict: "fail", evidence: expect.stringMatching(evidence) as string });
  });

  it("goes on after a check that could not look", async () => {
    const checks = [check("bad", 1, () => raise("broken")), check("good", 1, () => Promise.resolve(pass("seen")))];
    expect((await grade(checks, context)).map(({ verdict }) => verdict.verdict)).toEqual(["fail", "pass"]);
  });
});

function raise(message: string): never {
  throw new Error(message);
}
