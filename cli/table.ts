import { stripVTControlCharacters } from "node:util";

const width = (text: string) => stripVTControlCharacters(text).length;

/** Rows in aligned columns under their headings; a column that is empty in every row is left out. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const kept = headings.map((_, column) => column).filter((column) => rows.some((row) => row[column]));
  const lines = [headings, ...rows].map((row) => kept.map((column) => row[column] ?? ""));
  const widths = kept.map((_, column) => Math.max(...lines.map((line) => width(line[column] ?? ""))));
  const pad = (cell: string, column: number) => cell + " ".repeat((widths[column] ?? 0) - width(cell));
  return lines.map((line) => `${line.map(pad).join("  ").trimEnd()}\n`).join("");
}
