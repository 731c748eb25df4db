// Loaded by Node.js before the Pulumi program (Pulumi.yaml, nodeargs).
import { createRequire, Module } from "node:module";

const require = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));

// Pulumi's SDK loads a TypeScript compiler and a package resolver in order to serialise functions, of which we have none,
// and maps each of the many stack traces that it takes through source maps, which types that are stripped in place do not
// need: a third of the program's time.
for (const unused of ["typescript", "@npmcli/arborist", "source-map-support/register"]) {
  const path = require.resolve(unused);
  require.cache[path] = Object.assign(new Module(path), { loaded: true });
}

// The SDK's debug messages quote what Pulumi answers to each resource, its secrets in plain text; a debug log or an event
// log keeps them. Each is a call to the engine, too.
const log = require("./log/index.js") as { debug: () => Promise<void> };
log.debug = () => Promise.resolve();
