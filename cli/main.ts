import { heedClosedPipes } from "./closedPipe.ts";
import { run } from "./run.ts";
import { processTerminal } from "./terminal.ts";

heedClosedPipes(process);
process.exitCode = await run(process.argv.slice(2), processTerminal);
