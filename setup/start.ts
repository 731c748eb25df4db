// What bootstrap.mjs hands over to, on Node.js 24: sees to the npm packages, then runs the command line. Until they
// are there, only what needs none of them may be imported.
import { enableCompileCache } from "node:module";
import { checkout, homeFolder } from "../stacks/home.ts";
import { VisibleError } from "../stacks/visibleError.ts";
import { compileCache } from "./environment.ts";
import { ensurePackages } from "./packages.ts";

enableCompileCache(compileCache(homeFolder()));
try {
  await ensurePackages(checkout, (text) => process.stderr.write(`${text}\n`));
} catch (error) {
  if (!(error instanceof VisibleError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(3);
}
await import("../cli/main.ts");
