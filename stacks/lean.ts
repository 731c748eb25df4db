// Loaded by Node.js before the Pulumi program (Pulumi.yaml, nodeargs). Pulumi's SDK loads a TypeScript compiler and a
// package resolver in order to serialise functions, of which we have none, and maps each of the many stack traces that it
// takes through source maps, which types that are stripped in place do not need: a third of the program's time.
import { createRequire, Module } from "node:module";

const { cache, resolve } = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));

for (const unused of ["typescript", "@npmcli/arborist", "source-map-support/register"]) {
  const path = resolve(unused);
  cache[path] = Object.assign(new Module(path), { loaded: true });
}
