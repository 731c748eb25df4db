/** What a VisibleError may say beyond its summary. */
export interface VisibleErrorDetails {
  /** One line a finding. */
  details?: string[];
  /** What to do: a sentence or a command. */
  fix?: string;
}

/**
 * An error meant for the person at the terminal: it is shown without a stack trace, and its message is complete, the
 * details and the fix included.
 */
export class VisibleError extends Error {
  override readonly name: string = "VisibleError";
  /** Pulumi's mark of an error to print by its message alone. */
  readonly __pulumiRunError = true;
  readonly summary: string;
  readonly details: string[];
  readonly fix: string | undefined;

  constructor(summary: string, { details = [], fix }: VisibleErrorDetails = {}) {
    super(
      [summary, ...details.map((detail) => `  - ${detail}`), ...(fix === undefined ? [] : [`  ${fix}`])].join("\n"),
    );
    this.summary = summary;
    this.details = details;
    this.fix = fix;
  }
}
