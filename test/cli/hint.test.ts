import { expect, test } from "vitest";
import { hintText } from "../../cli/views/hintText.ts";
import type { Step } from "../../labs/guide.ts";

const plain = (_format: unknown, text: string) => text;
const step: Step = {
  number: 2,
  title: "Join",
  line: 1,
  body: "",
  hints: ["First.", "Second."],
  solution: "",
  blocks: [],
};
const check = { title: "All are in", evidence: "could not look: host-2 does not answer", hint: "See that it is up." };

test("what the checks saw comes first, and the way to more keeps it", () => {
  const text = hintText(step, [check], { named: false, count: 1, onStack: "" }, plain);
  expect(text).toBe(
    [
      "Step 2: Join",
      "✖ All are in\n  could not look: host-2 does not answer\n  hint: See that it is up.",
      "First.",
      "1 more: ./drydock hint --count 2",
      "",
    ].join("\n\n"),
  );
});

test("the way to more gives more, then the solution", () => {
  const asked = { named: true, count: 1, onStack: " --stack class" };
  expect(hintText(step, [], asked, plain)).toContain("1 more: ./drydock hint 2 --count 2 --stack class");
  const all = hintText(step, [], { ...asked, count: 2 }, plain);
  expect(all).toContain("First.\n\nSecond.");
  expect(all).toContain("./drydock solve --from 2 --to 2 --stack class");
});

test("a step without hints of its own promises none", () => {
  const bare = { ...step, hints: [] };
  const text = hintText(bare, [check], { named: false, count: 1, onStack: "" }, plain);
  expect(text).toContain("hint: See that it is up.");
  expect(text).not.toMatch(/more:|no hint/);
  expect(hintText(bare, [], { named: true, count: 1, onStack: "" }, plain)).toContain(
    "There is no hint for this step.",
  );
});
