import { join } from "node:path";
import { checkout } from "../stacks/home.ts";
import { buildGoModule } from "./goModule.ts";
import type { Say } from "./step.ts";
import { executable, type Tool } from "./tools.ts";

/** What the build of everything takes, caches included; docs/setup.md has the figures. */
const neededGib = 7;

/**
 * Builds a tool from the Go modules in toolchain/.
 * @param into Gets the binaries.
 * @returns what it was built with.
 * @throws NotThisWay when there is no Go, no room, or the build fails.
 */
export async function goBuild(tool: Tool, into: string, home: string, { progress, signal }: Say): Promise<string> {
  let version = "";
  for (const { binary, module, package: path, versionVariable, patch } of tool.programs) {
    const folder = join(checkout, "toolchain", module);
    const variables = versionVariable ? { [versionVariable]: tagged(tool) } : {};
    const build = { name: binary, package: path, output: join(into, executable(binary)), variables };
    const options = { home, neededGib, progress, signal };
    version = await buildGoModule({ folder, title: `toolchain/${module}`, patch }, [build], options);
  }
  return `${tool.version}, built with ${version}`;
}

/** The CLI tells its version with a "v", the plugins without. */
const tagged = ({ name, version }: Tool) => (name === "pulumi" ? `v${version}` : version);
