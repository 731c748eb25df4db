import type { Terminal } from "../../cli/terminal.ts";

/** A terminal that remembers what was written, without colours. */
export function fakeTerminal(): Terminal & { written: { out: string; err: string } } {
  const written = { out: "", err: "" };
  return {
    written,
    out: (text) => (written.out += text.toString()),
    err: (text) => (written.err += text.toString()),
    interactive: false,
    paint: (_format, text) => text,
  };
}
