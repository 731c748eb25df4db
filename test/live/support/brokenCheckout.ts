import { cp, readFile, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { checkout } from "../../../stacks/home.ts";
import { temporaryFolder } from "../../temporaryFolder.ts";

/** A text in a file of the checkout, and what stands there instead in a broken one. */
export interface Fault {
  file: string;
  text: string;
  instead: string;
}

/** What a checkout has that is no source. */
const left = /^(node_modules|\.git|\.drydock|test)$|^Pulumi\..+\.yaml$/;

/** A copy of the checkout with faults, which goes when the running test ends. @throws Error where a fault's text is not found. */
export async function brokenCheckout(...faults: Fault[]): Promise<string> {
  const folder = join(await temporaryFolder(), "checkout");
  await cp(checkout, folder, { recursive: true, filter: (path) => path === checkout || !left.test(basename(path)) });
  await symlink(join(checkout, "node_modules"), join(folder, "node_modules"));
  for (const { file, text, instead } of faults) {
    const before = await readFile(join(folder, file), "utf8");
    if (!before.includes(text)) throw new Error(`${file} has no "${text}" to break`);
    await writeFile(
      join(folder, file),
      before.replace(text, () => instead),
    );
  }
  return folder;
}
