import { styleText } from "node:util";

/** Where a command writes: results to `out`, all else (progress, errors) to `err`. */
export interface Terminal {
  out: (text: string | Uint8Array) => void;
  err: (text: string | Uint8Array) => void;
  /** Whether `err` is a screen that can be redrawn. */
  interactive: boolean;
  /** Colours text meant for `out`, when that is a screen. */
  paint: (format: Parameters<typeof styleText>[0], text: string) => string;
}

/** The process's own terminal. */
export const processTerminal: Terminal = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  interactive: process.stderr.isTTY && process.env.TERM !== "dumb" && !process.env.CI,
  paint: (format, text) => styleText(format, text, { stream: process.stdout }),
};
