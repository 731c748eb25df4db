import { allowedPublicKey, isPublicKey, withoutComment, withoutPrivateKey } from "../access/publicKey.ts";
import { knownNames } from "../labs/suggest.ts";
import { csvCells, type Cell } from "./csv.ts";
import { learnerId, type Learner } from "../stacks/settings.ts";
import { VisibleError } from "../stacks/visibleError.ts";

const columns = ["id", "name", "sshKey"] as const;
const headings = 'Its first line names the columns: "id", and perhaps "name" and "sshKey".';
const allowedId = "1 to 24 lower-case letters, digits and inner dashes";

/**
 * Reads learners from a CSV file: a first line that names the columns, `id` and perhaps `name` and `sshKey` in any order,
 * then a learner a line.
 * @param file Its name, for messages.
 * @throws VisibleError with all that is wrong, each by line and column.
 */
export function readRoster(text: string, file: string): Learner[] {
  const [head, ...rows] = csvCells(text, file);
  if (!head) throw new VisibleError(`${file} is empty.`, { fix: headings });
  const names = head.map(({ value }) => value.trim());
  const unknown = names.find((name) => !(columns as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new VisibleError(`${file}, line ${head[0]?.line ?? 1}: there is no column "${unknown}".`, {
      details: [knownNames(unknown, [...columns])],
      fix: headings,
    });
  }
  if (!names.includes("id") || new Set(names).size < names.length) {
    throw new VisibleError(`${file}, line ${head[0]?.line ?? 1}: received the columns ${names.join(", ")}.`, {
      fix: "Name the column id once, and each other at most once.",
    });
  }
  // Lines with more or fewer values are lines of something else, such as of a private key, whose values are not shown.
  const odd = rows.findIndex((row) => row.length !== names.length);
  const whole = odd === -1 ? rows : rows.slice(0, odd);
  const learners = whole.map((row) => learnerOf(names, row));
  const problems = [
    ...whole.flatMap((row) => [
      ...cellProblems(names, row, "id", allowedId, (value) => learnerId.test(value)),
      ...cellProblems(names, row, "name", "what the learner is called", (value) => withoutPrivateKey(value) === value),
      ...cellProblems(names, row, "sshKey", allowedPublicKey, (value) => value === "" || isPublicKey(value)),
    ]),
    ...lengthProblems(names, rows[odd]),
  ];
  if (problems.length > 0) throw new VisibleError(`${file} is wrong:`, { details: problems });
  if (learners.length === 0) throw new VisibleError(`${file} names no learner.`, { fix: "Add a line for each." });
  return learners;
}

function lengthProblems(names: readonly string[], row: readonly Cell[] | undefined): string[] {
  if (row === undefined) return [];
  const column = Math.min(row.length, names.length) + 1;
  return [
    `line ${row[0]?.line ?? 1}, column ${column}: received ${row.length} values; allowed: ${names.length}, one for each column`,
  ];
}

function cellProblems(
  names: string[],
  row: Cell[],
  column: (typeof columns)[number],
  allowed: string,
  isRight: (value: string) => boolean,
): string[] {
  const index = names.indexOf(column);
  const cell = row[index];
  if (!cell || isRight(cell.value.trim())) return [];
  const received = withoutPrivateKey(JSON.stringify(cell.value));
  return [`line ${cell.line}, column ${index + 1} (${column}): received ${received}; allowed: ${allowed}`];
}

function learnerOf(names: readonly string[], row: readonly Cell[]): Learner {
  const value = (column: string) => row[names.indexOf(column)]?.value.trim() ?? "";
  const more = (["name", "sshKey"] as const).filter((column) => value(column) !== "");
  return { id: value("id"), ...Object.fromEntries(more.map((column) => [column, value(column)])) };
}

/** @throws VisibleError that names each id that stands there twice, or who has the same key as another. */
export function refuseDuplicates(learners: readonly Learner[], where: string): void {
  const numbered = learners.map(({ id }, index) => ({ id, number: index + 1 }));
  const twice = [...Map.groupBy(numbered, ({ id }) => id)].filter(([, own]) => own.length > 1);
  if (twice.length > 0) {
    throw new VisibleError(`${where} names learners twice:`, {
      details: twice.map(
        ([id, own]) => `${id}: learners ${own.map(({ number }) => number).join(", ")} of ${learners.length}`,
      ),
      fix: "Give each learner an id of their own.",
    });
  }
  const withKey = learners.filter(({ sshKey }) => sshKey !== undefined);
  const shared = [...Map.groupBy(withKey, ({ sshKey = "" }) => withoutComment(sshKey)).values()].filter(
    (own) => own.length > 1,
  );
  if (shared.length === 0) return;
  throw new VisibleError(`${where} gives learners the same SSH key:`, {
    details: shared.map((own) => own.map(({ id }) => id).join(", ")),
    fix: "Give each their own: whoever has another's key opens another's hosts.",
  });
}

/** A name as it stands in a line of a terminal or a card: without line breaks and what else controls a terminal. */
export const oneLine = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
