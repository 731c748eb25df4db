#!/usr/bin/env node
// Finds Node.js 24 or newer and hands over to start.ts on it. Node.js 12 must understand this file, to be told that it
// is too old; 18 must understand what it imports.
const major = Number.parseInt(process.versions.node);

if (major >= 24) {
  void import("./start.ts");
} else if (major >= 18) {
  void import("./ownNode.mjs").then(({ runOnOwnNode }) => runOnOwnNode());
} else {
  process.stderr.write(
    `Drydock needs Node.js 24 or newer, or any from 18 on to get one for itself.\n` +
      `  - ${process.execPath} is ${process.version}\n` +
      `  Install Node.js 24 or newer from https://nodejs.org/ or with your system's packages, and try again.\n`,
  );
  process.exitCode = 3;
}
