/** What a program exits with that the system ended because nobody reads its output: 128 and SIGPIPE's number. */
const brokenPipe = 141;

/**
 * Ends quietly when nobody reads the output any more, as in `./drydock list | head -1`. Progress that nobody reads ends
 * nothing: the work goes on.
 */
export function heedClosedPipes({ stdout, stderr, exit }: Pick<NodeJS.Process, "stdout" | "stderr" | "exit">): void {
  stdout.on("error", (error: Error) => {
    if (!isClosedPipe(error)) throw error;
    exit(brokenPipe);
  });
  stderr.on("error", (error: Error) => {
    if (!isClosedPipe(error)) throw error;
  });
}

const isClosedPipe = (error: Error) => "code" in error && error.code === "EPIPE";
