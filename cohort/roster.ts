import { CsvError, parse } from "csv-parse/sync";
import { knownNames } from "../labs/suggest.ts";
import { learnerId, type Learner } from "../stacks/settings.ts";
import { VisibleError } from "../stacks/visibleError.ts";

const columns = ["id", "name"] as const;
const allowedId = "1 to 24 lower-case letters, digits and inner dashes";

/** A value of the CSV file, and where it stands. */
interface Cell {
  value: string;
  line: number;
}

/**
 * Reads learners from a CSV file: a first line that names the columns, `id` and perhaps `name` in any order, then a learner
 * a line.
 * @param file Its name, for messages.
 * @throws VisibleError with all that is wrong, each by line and column.
 */
export function readRoster(text: string, file: string): Learner[] {
  const [head, ...rows] = records(text, file);
  if (!head)
    throw new VisibleError(`${file} is empty.`, { fix: 'Its first line names the columns: "id" or "id,name".' });
  const names = head.map(({ value }) => value.trim());
  const unknown = names.find((name) => !(columns as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new VisibleError(`${file}, line ${head[0]?.line ?? 1}: there is no column "${unknown}".`, {
      details: [knownNames(unknown, [...columns])],
      fix: 'Its first line names the columns: "id" or "id,name".',
    });
  }
  if (!names.includes("id") || new Set(names).size < names.length) {
    throw new VisibleError(`${file}, line ${head[0]?.line ?? 1}: received the columns ${names.join(", ")}.`, {
      fix: "Name the column id once, and name at most once.",
    });
  }
  const learners = rows.map((row) => learnerOf(names, row));
  const idColumn = names.indexOf("id");
  const problems = rows.flatMap((row) => {
    const { value = "", line = 0 } = row[idColumn] ?? {};
    return learnerId.test(value.trim())
      ? []
      : [`line ${line}, column ${idColumn + 1} (id): received "${value}"; allowed: ${allowedId}`];
  });
  if (problems.length > 0) throw new VisibleError(`${file} is wrong:`, { details: problems });
  if (learners.length === 0) throw new VisibleError(`${file} names no learner.`, { fix: "Add a line for each." });
  return learners;
}

function learnerOf(names: readonly string[], row: readonly Cell[]): Learner {
  const value = (column: string) => row[names.indexOf(column)]?.value.trim() ?? "";
  const name = value("name");
  return { id: value("id"), ...(name === "" ? {} : { name }) };
}

function records(text: string, file: string): Cell[][] {
  try {
    // Its types do not know what `info` does.
    const found = parse(text, { bom: true, info: true, skip_empty_lines: true }) as unknown as {
      record: string[];
      info: { lines: number };
    }[];
    return found.map(({ record, info }) => record.map((value) => ({ value, line: info.lines })));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new VisibleError(`${file} is no CSV that can be read:`, { details: [error.message] });
  }
}

/** @throws VisibleError that names each id that stands there twice. */
export function refuseDuplicates(learners: readonly Learner[], where: string): void {
  const ids = learners.map(({ id }) => id);
  const twice = [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
  if (twice.length === 0) return;
  throw new VisibleError(`${where} names learners twice:`, {
    details: twice.map((id) => `${id}, ${ids.filter((other) => other === id).length} times`),
    fix: "Give each learner an id of their own.",
  });
}
