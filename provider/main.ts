import { main } from "@pulumi/pulumi/provider/index.js";
import { providerOf } from "./handler.ts";
import { handlers } from "./handlers.ts";

const provider = providerOf(handlers, "0.1.0");

// Pulumi holds the other end: when it was killed there is nobody left to work for.
process.stdin.on("end", () => process.exit()).resume();

await main(provider, process.argv.slice(2));
