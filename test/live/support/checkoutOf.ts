import { copyFile, mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { checkout } from "../../../stacks/home.ts";
import { ownSettingsFile } from "../../../stacks/stack.ts";
import type { Sandbox } from "./sandbox.ts";

/** A checkout whose Pulumi.<stack>.yaml is the sandbox's stack: links to the real one for all the rest. */
export async function checkoutOf({ root }: Sandbox, stack: string): Promise<string> {
  const folder = join(root, `checkout-${stack}`);
  await mkdir(folder);
  const names = (await readdir(checkout)).filter((name) => !/^\.|^Pulumi\..+\.yaml$/.test(name));
  for (const name of names) await symlink(join(checkout, name), join(folder, name));
  await copyFile(ownSettingsFile(stack), join(folder, `Pulumi.${stack}.yaml`));
  return folder;
}
