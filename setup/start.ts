// What bootstrap.mjs hands over to, on Node.js 24: sees to the npm packages, then runs the command line. Until they
// are there, only what needs none of them may be imported.
import { enableCompileCache } from "node:module";
import { checkout, makeHome } from "../stacks/home.ts";
import { MachineError } from "../stacks/machineError.ts";
import { VisibleError } from "../stacks/visibleError.ts";
import { compileCache } from "./environment.ts";
import { NpmInterrupted } from "./npmCi.mjs";
import { ensurePackages } from "./packages.ts";

const say = (text: string) => process.stderr.write(`${text}\n`);

try {
  enableCompileCache(compileCache(makeHome()));
  await ensurePackages(checkout, say);
  await runCommandLine();
} catch (error) {
  if (process.argv.includes("--debug")) throw error;
  const message = error instanceof Error ? error.message : String(error);
  const known = error instanceof VisibleError || error instanceof NpmInterrupted;
  say(known ? message : `Drydock failed: ${message}\n  Run it again with --debug to see where.`);
  process.exitCode = error instanceof NpmInterrupted ? 130 : 3;
}

/** @throws MachineError when packages are missing that the stamp says are there. */
async function runCommandLine(): Promise<void> {
  try {
    await import("../cli/main.ts");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new MachineError("The npm packages are not complete", {
      details: [(error as Error).message.split("\n")[0] ?? ""],
      fix: `remove ${checkout}/node_modules and try again: they are installed anew`,
    });
  }
}
