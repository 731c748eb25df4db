import { CsvError, parse, type Info } from "csv-parse/sync";
import { withoutPrivateKey } from "../access/publicKey.ts";
import { VisibleError } from "../stacks/visibleError.ts";

/** A value of a CSV file, and the line that it begins on. */
export interface Cell {
  value: string;
  line: number;
}

/** The text of a CSV file. @throws VisibleError by line and column when it is not UTF-8. */
export function csvText(bytes: Buffer, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const before = bytes.toString().split("\uFFFD", 1)[0]?.split("\n") ?? [];
    throw new VisibleError(
      `${file}, line ${before.length}, column ${(before.at(-1)?.split(",") ?? []).length}: no UTF-8.`,
      {
        fix: "Save it as CSV UTF-8.",
      },
    );
  }
}

/** The values of a CSV file, a record after the other. @throws VisibleError by line and column when it cannot be read. */
export function csvCells(text: string, file: string): Cell[][] {
  refuseSemicolons(text, file);
  const cells: Cell[][] = [];
  /** Lines that records have so far. */
  let read = 0;
  const place = (record: string[], { lines }: Info) => {
    read = lines;
    let line = lines - record.join("").split("\n").length + 1;
    cells.push(
      record.map((value) => {
        const cell = { value, line };
        line += value.split("\n").length - 1;
        return cell;
      }),
    );
    return null;
  };
  try {
    parse(text, { bom: true, skip_empty_lines: true, relax_column_count: true, on_record: place });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Of a quote that is never closed the end of the file is known, not where it stands.
    const line = error.code === "CSV_QUOTE_NOT_CLOSED" ? read + 1 : Number(error.lines);
    throw new VisibleError(`${file} is no CSV that can be read:`, {
      details: [`line ${line}, column ${Number(error.column) + 1}: ${withoutPrivateKey(error.message)}`],
      fix: "A value with a comma or a quote in it stands in quotes, and a quote in it twice.",
    });
  }
  return cells;
}

/** Spreadsheets of some languages separate by semicolons. */
function refuseSemicolons(text: string, file: string): void {
  const [heading = ""] = text.trim().split(/\r?\n/, 1);
  if (!heading.includes(";")) return;
  throw new VisibleError(
    `${file}, first line: received ${withoutPrivateKey(heading)}; the separator must be a comma.`,
    { fix: "Save it with commas between the columns, on all lines." },
  );
}
