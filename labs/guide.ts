import { marked, type MarkedToken, type Tokens } from "marked";
import { VisibleError } from "../stacks/visibleError.ts";
import { parseBlockInfo, type BlockInfo } from "./blockInfo.ts";

/** A command block of a guide: one script for one host. */
export interface Block extends BlockInfo {
  script: string;
  /** Line of its fence in guide.md. */
  line: number;
}

/** One step of a guide. */
export interface Step {
  number: number;
  title: string;
  /** Line of its heading in guide.md. */
  line: number;
  /** Markdown without the folded hints and solution. */
  body: string;
  /** Markdown of each hint, in the order in which to give them. */
  hints: string[];
  /** Markdown of the folded solution. */
  solution: string;
  /** All that runs, in order, the solution's blocks and the others. */
  blocks: Block[];
}

/** A lesson: the single source of what the learner reads and of what `solve` runs. */
export interface Guide {
  title: string;
  /** Markdown between the title and the first step. */
  introduction: string;
  steps: Step[];
  /** Markdown after the last step: the summary and what to try next. */
  closing: string;
}

/** What a guide is parsed against. */
export interface GuideOptions {
  /** Names of the lab's hosts. */
  hosts: readonly string[];
  /** The file, as errors name it; `guide.md` by default. */
  file?: string;
}

/** Reads a guide; all its mistakes at once, each with its line, in one VisibleError. */
export function parseGuide(markdown: string, { hosts, file = "guide.md" }: GuideOptions): Guide {
  const reader = new GuideReader(hosts);
  let line = 1;
  for (const token of marked.lexer(markdown) as MarkedToken[]) {
    reader.read(token, line);
    line += token.raw.split("\n").length - 1;
  }
  const { guide, problems } = reader.finish(line);
  if (problems.length > 0) {
    throw new VisibleError(`${file} is not a guide: ${problems.length} mistake${problems.length > 1 ? "s" : ""}.`, {
      details: problems.map((problem) => `${file}:${problem.line}: ${problem.message}`),
      fix: "docs/writing-labs.md has the format.",
    });
  }
  return guide;
}

interface Problem {
  line: number;
  message: string;
}

const stepHeading = /^Step (\d+): (.+)$/;

/** Takes a guide's top-level tokens one by one. */
class GuideReader {
  readonly #hosts: readonly string[];
  readonly #guide: Guide = { title: "", introduction: "", steps: [], closing: "" };
  readonly #problems: Problem[] = [];
  #step: Step | undefined;
  #closing = false;
  #fold: { summary: string; line: number } | undefined;

  constructor(hosts: readonly string[]) {
    this.#hosts = hosts;
  }

  read(token: MarkedToken, line: number): void {
    if (token.type === "heading" && token.depth === 1) return this.#title(token.text, line);
    if (token.type === "heading" && token.depth === 2 && this.#section(token.text, line)) return;
    if (token.type === "html" && this.#foldEdge(token.raw, line)) return;
    if (token.type === "code") this.#code(token, line);
    else this.#refuseNestedBlocks(token, line);
    this.#append(token.raw);
  }

  finish(line: number): { guide: Guide; problems: Problem[] } {
    if (!this.#guide.title) this.#problem(1, 'a guide has a title: begin with "# Title"');
    if (this.#guide.steps.length === 0) this.#problem(line, 'a guide has steps: "## Step 1: ..."');
    if (this.#fold) this.#problem(this.#fold.line, "<details> is never closed: add </details>");
    const { title, introduction, steps, closing } = this.#guide;
    const trimmed = steps.map((step) => ({
      ...step,
      body: step.body.trim(),
      hints: step.hints.map((hint) => hint.trim()),
      solution: step.solution.trim(),
    }));
    return {
      guide: { title, introduction: introduction.trim(), steps: trimmed, closing: closing.trim() },
      problems: this.#problems,
    };
  }

  #problem(line: number, message: string): void {
    this.#problems.push({ line, message });
  }

  #title(text: string, line: number): void {
    if (this.#guide.title) this.#problem(line, `a guide has one title, and "${this.#guide.title}" is it: use ##`);
    this.#guide.title ||= text;
  }

  /** Begins a step or the closing; false where the heading is only a part of the introduction or the closing. */
  #section(text: string, line: number): boolean {
    const [, digits, title] = stepHeading.exec(text) ?? [];
    if (digits && title) {
      this.#beginStep(Number(digits), title, line);
      return true;
    }
    if (/^step\b/i.test(text)) this.#problem(line, `"${text}" is no step's heading: write "## Step N: title"`);
    if (this.#step) this.#closing = true;
    return false;
  }

  #beginStep(number: number, title: string, line: number): void {
    const twin = this.#guide.steps.find((step) => step.number === number);
    const expected = this.#guide.steps.length + 1;
    if (twin) this.#problem(line, `Step ${number} stands twice: it is also on line ${twin.line}`);
    else if (number !== expected) this.#problem(line, `Step ${number} stands where Step ${expected} is expected`);
    if (this.#closing) this.#problem(line, `Step ${number} stands after a section that is not a step: move it up`);
    if (this.#fold) this.#problem(line, `Step ${number} begins inside <details> of line ${this.#fold.line}`);
    this.#step = { number, title, line, body: "", hints: [], solution: "", blocks: [] };
    this.#guide.steps.push(this.#step);
  }

  /** Opens or closes a fold; false for other HTML. Hints and solutions lose their `<details>`, other folds keep it. */
  #foldEdge(html: string, line: number): boolean {
    const opens = html.includes("<details");
    const closes = html.includes("</details>");
    if (!opens && !closes) return false;
    if (opens && closes) {
      this.#problem(line, "leave a blank line after <summary> and before </details>, else Markdown inside is not read");
      return true;
    }
    if (closes) {
      if (!this.#fold) this.#problem(line, "</details> closes nothing: it has no <details>");
      const kept = !this.#inHint() && !this.#inSolution();
      this.#fold = undefined;
      return !kept;
    }
    if (this.#fold) this.#problem(line, `<details> inside <details> of line ${this.#fold.line}: close that one first`);
    this.#fold = { summary: /<summary>(.*?)<\/summary>/.exec(html)?.[1]?.trim() ?? "", line };
    if (this.#inHint()) this.#step?.hints.push("");
    return this.#inHint() || this.#inSolution();
  }

  #inHint(): boolean {
    return this.#fold?.summary === "Hint";
  }

  #inSolution(): boolean {
    return this.#fold?.summary === "Solution";
  }

  #code(token: Tokens.Code, line: number): void {
    const info = parseBlockInfo(token.lang ?? "", this.#hosts, (message) => this.#problem(line, message));
    if (!info) return;
    if (!this.#step || this.#closing) this.#problem(line, "a command block belongs to a step, and this one is in none");
    if (info.solution && !this.#inSolution())
      this.#problem(line, "a solution block stands inside <details><summary>Solution</summary>, so that it is folded");
    if (!info.solution && this.#inSolution())
      this.#problem(line, 'a command block inside the solution has the word "solution" in its info string');
    if (this.#inHint()) this.#problem(line, "a hint has no command block: leave out host=");
    this.#step?.blocks.push({ ...info, script: `${token.text}\n`, line });
  }

  /** A fence in a list or a quote would be shown and never run. */
  #refuseNestedBlocks(token: MarkedToken, line: number): void {
    void marked.walkTokens([token], (inner) => {
      if (inner.type === "code" && /\s/.test((inner as Tokens.Code).lang ?? ""))
        this.#problem(line, "a command block stands at the left margin, not in a list or a quote");
    });
  }

  #append(raw: string): void {
    if (this.#closing) this.#guide.closing += raw;
    else if (!this.#step) this.#guide.introduction += raw;
    else if (this.#inSolution()) this.#step.solution += raw;
    else if (this.#inHint()) this.#step.hints.push((this.#step.hints.pop() ?? "") + raw);
    else this.#step.body += raw;
  }
}
