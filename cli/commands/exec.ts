import type { CommandSpec } from "../command.ts";
import { positiveInteger } from "../numbers.ts";

interface ExecOptions {
  timeout: number;
  stdin?: true;
}

export const exec: CommandSpec<ExecOptions> = {
  name: "exec",
  arguments: "<host> <command...>",
  group: "Learning",
  summary: "Run a command on a host",
  description:
    "Exits with the command's own code. One word after -- is a line for the host's shell;\n" +
    "several are a program and its arguments, passed on as they are.",
  examples: [
    ["./drydock exec manager-1 -- docker node ls", "a program and its arguments"],
    ["./drydock exec worker-1 -- 'docker ps | wc -l'", "a line for the shell"],
    ["./drydock exec worker-1 --stdin -- sh < script.sh", "with standard input"],
  ],
  configure: (command) =>
    command
      .option("--timeout <seconds>", "longest that the command may take", positiveInteger, 600)
      .option("-i, --stdin", "pass standard input on"),
  async run({ args: [host = "", ...words], options, terminal, print }) {
    const { openToLook } = await import("../openToLook.ts");
    const { LiveHosts, shellLine } = await import("../liveHosts.ts");
    const hosts = await LiveHosts.of(await openToLook(options.stack));
    const line = words.length === 1 ? (words[0] ?? "") : shellLine(words);
    const result = await hosts.run(host, line, {
      timeoutMs: options.timeout * 1000,
      stdin: options.stdin ? await readStdin() : "",
      onStdout: options.json ? undefined : terminal.out,
      onStderr: options.json ? undefined : terminal.err,
    });
    if (options.json) print(result, () => "");
    return result.code;
  },
};

async function readStdin(): Promise<Buffer> {
  const { buffer } = await import("node:stream/consumers");
  return buffer(process.stdin);
}
