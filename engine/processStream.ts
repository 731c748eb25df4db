import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { Duplex } from "node:stream";

/** Most that is kept of what a process says on standard error, in characters. */
const mostWords = 4_000;

/** A process as a connection: what is written goes to its standard input, what it prints is read. It ends with the stream. */
export class ProcessStream extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;

  constructor(program: string, args: string[]) {
    super();
    const child = spawn(program, args);
    this.#child = child;
    let words = "";
    child.stderr.on("data", (chunk: Buffer) => (words = (words + chunk.toString()).slice(-mostWords)));
    child.stdout.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) child.stdout.pause();
    });
    child.stdin.on("error", () => undefined);
    child
      .on("error", (error) => this.destroy(error))
      // Its own reason comes before the end of what it printed, which alone would say nothing.
      .on("close", (code) => {
        if (code === 0) this.push(null);
        else this.destroy(new Error(words.trim() || `${program} ended with ${code ?? "a signal"}`));
      });
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#child.stdin.write(chunk, encoding, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#child.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child.kill();
    done(error);
  }

  /** Node's HTTP client calls these on every connection; a process has no socket options to set. */
  setKeepAlive = (): this => this;
  setNoDelay = (): this => this;
  setTimeout = (): this => this;

  /** Whether the connection keeps this process from ending. */
  ref = (): this => this.#count("ref");
  unref = (): this => this.#count("unref");

  #count(how: "ref" | "unref"): this {
    const { stdin, stdout, stderr } = this.#child;
    this.#child[how]();
    // Pipes of a child are sockets, though their types do not say so.
    for (const pipe of [stdin, stdout, stderr]) (pipe as unknown as Record<typeof how, () => void>)[how]();
    return this;
  }
}
