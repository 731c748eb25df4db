import { describe, expect, it } from "vitest";
import { parseGuide, type Guide } from "../../labs/guide.ts";
import { VisibleError } from "../../stacks/visibleError.ts";

const hosts = ["manager-1", "worker-1"];
const fence = "```";

const good = `# A lesson

Why it matters.

## What you need

Nothing.

## Step 1: Look

Look at it first.

${fence}bash host=manager-1
docker node ls
${fence}

<details><summary>Hint</summary>

Try \`ls\`.

</details>

<details><summary>Hint</summary>

It is \`docker node ls\`.

</details>

<details><summary>Solution</summary>

Here it is:

${fence}bash host=manager-1 solution needs=ipvs,esp
echo mesh
${fence}

${fence}bash host=laptop solution without=ipvs
echo dnsrr
echo again
${fence}

</details>

<details><summary>Background</summary>

Kept for who wants it.

</details>

## Step 2: See

${fence}console
$ an illustration
${fence}

## Summary

All done.
`;

/** The problems that a guide is refused for. */
function problemsOf(markdown: string): string[] {
  try {
    parseGuide(markdown, { hosts });
  } catch (error) {
    if (error instanceof VisibleError) return error.details;
    throw error;
  }
  throw new Error("the guide was accepted");
}

/** A guide of one step, whose body begins on line 5. */
const oneStep = (body: string) => `# T\n\n## Step 1: S\n\n${body}\n`;

/** A command block of one line. */
const block = (info: string) => `${fence}${info}\ntrue\n${fence}\n`;

describe("parseGuide", () => {
  const guide: Guide = parseGuide(good, { hosts });

  it("finds title, introduction, steps and closing", () => {
    expect(guide.title).toBe("A lesson");
    expect(guide.introduction).toBe("Why it matters.\n\n## What you need\n\nNothing.");
    expect(guide.steps.map(({ number, title, line }) => ({ number, title, line }))).toEqual([
      { number: 1, title: "Look", line: 9 },
      { number: 2, title: "See", line: 50 },
    ]);
    expect(guide.closing).toBe("## Summary\n\nAll done.");
  });

  it("takes hints and solution out of the body and keeps other folds", () => {
    const step = guide.steps[0];
    expect(step?.hints).toEqual(["Try `ls`.", "It is `docker node ls`."]);
    expect(step?.solution).toMatch(/^Here it is:[^]*echo again\n```$/);
    expect(step?.body).toContain("Look at it first.");
    expect(step?.body).toContain("<details><summary>Background</summary>\n\nKept for who wants it.\n\n</details>");
    expect(step?.body).not.toMatch(/Hint|Solution|echo/);
  });

  it("gives every block its host, conditions, script and line", () => {
    expect(guide.steps[0]?.blocks).toEqual([
      { host: "manager-1", solution: false, needs: [], without: [], script: "docker node ls\n", line: 13 },
      { host: "manager-1", solution: true, needs: ["ipvs", "esp"], without: [], script: "echo mesh\n", line: 33 },
      {
        host: "laptop",
        solution: true,
        needs: [],
        without: ["ipvs"],
        script: "echo dnsrr\necho again\n",
        line: 37,
      },
    ]);
    expect(guide.steps[1]?.blocks).toEqual([]);
  });

  it("reads a file with Windows line ends the same", () => {
    expect(parseGuide(good.replaceAll("\n", "\r\n"), { hosts })).toEqual(guide);
  });
});

describe("a guide is refused", () => {
  it.each([
    [
      "unknown host",
      block("bash host=worker-2"),
      /^guide.md:5: .*no host "worker-2": nearest: worker-1; known: laptop,/,
    ],
    ["no host", block("bash needs=esp"), /^guide.md:5: .*add host=NAME \(manager-1, worker-1 or laptop\)/],
    ["unknown word", block("bash host=laptop solutoin"), /^guide.md:5: "solutoin" is no word .*nearest: solution;/],
    ["misspelt host", block("bash host=laptop hots=laptop"), /^guide.md:5: "hots=laptop" is no word .*nearest: host=/],
    ["unknown capability", block("bash host=laptop needs=ipv"), /^guide.md:5: "ipv" is no capability: nearest: ipvs;/],
    ["another language", block("python host=laptop"), /^guide.md:5: a command block is bash, not "python"/],
    [
      "solution in the open",
      block("bash host=laptop solution"),
      /^guide.md:5: a solution block stands inside <details>/,
    ],
    [
      "unmarked block in the solution",
      `<details><summary>Solution</summary>\n\n${block("bash host=laptop")}\n</details>`,
      /^guide.md:7: .*has the word "solution"/,
    ],
    [
      "block in a hint",
      `<details><summary>Hint</summary>\n\n${block("bash host=laptop")}\n</details>`,
      /^guide.md:7: a hint has no command block/,
    ],
    [
      "block in a list",
      `- item\n\n  ${block("bash host=laptop").replaceAll("\n", "\n  ")}`,
      /^guide.md:5: .*left margin/,
    ],
    ["fold on one line", "<details><summary>Hint</summary>x</details>", /^guide.md:5: leave a blank line/],
    ["fold left open", "text\n\n<details><summary>Hint</summary>\n\ntext", /^guide.md:7: <details> is never closed/],
    ["fold never opened", "text\n\n</details>", /^guide.md:7: <\/details> closes nothing/],
    [
      "fold in a fold",
      "<details><summary>Hint</summary>\n\n<details><summary>Hint</summary>\n\nx\n\n</details>",
      /^guide.md:7: <details> inside <details> of line 5/,
    ],
    ["a step that stands twice", "## Step 1: Again", /^guide.md:5: Step 1 stands twice: it is also on line 3/],
    ["a step left out", "## Step 3: Later", /^guide.md:5: Step 3 stands where Step 2 is expected/],
    ["a heading that is nearly a step's", "## Step two", /^guide.md:5: "Step two" is no step's heading/],
    ["a step after the closing", "## Summary\n\n## Step 2: Late", /^guide.md:7: Step 2 stands after a section/],
    ["a block in the closing", `## Summary\n\n${block("bash host=laptop")}`, /^guide.md:7: .*this one is in none/],
    ["a second title", "# Other", /^guide.md:5: a guide has one title/],
  ])("%s", (_what, body, expected) => {
    const problems = problemsOf(oneStep(body));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });

  it("for no title and no steps", () => {
    expect(problemsOf("text\n")).toEqual([
      'guide.md:1: a guide has a title: begin with "# Title"',
      'guide.md:2: a guide has steps: "## Step 1: ..."',
    ]);
  });

  it("with all mistakes at once", () => {
    expect(problemsOf(oneStep(`${block("bash host=a")}\n${block("bash host=b")}`))).toHaveLength(2);
  });
});
