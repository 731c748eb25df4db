import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { homeStep } from "../../setup/homeStep.ts";
import { quietSay } from "./quietSay.ts";
import { scratchFolder } from "./scratch.ts";

const mode = (file: string) => statSync(file).mode & 0o777;

async function madeHome(): Promise<string> {
  const home = join(scratchFolder(), "home");
  await homeStep(home).make(quietSay);
  return home;
}

test("a new home and its passphrase are for their owner alone", async () => {
  const home = await madeHome();
  expect(mode(home)).toBe(0o700);
  expect(mode(join(home, "passphrase"))).toBe(0o600);
  expect(readFileSync(join(home, "passphrase"), "utf8").trim().length).toBeGreaterThanOrEqual(43);
  expect(readdirSync(home).sort()).toEqual(["PulumiPolicy.yaml", "passphrase", "pulumi", "state", "tools"]);
});

test("a home that is complete is left alone", async () => {
  const home = await madeHome();
  const passphrase = readFileSync(join(home, "passphrase"), "utf8");
  expect(await homeStep(home).look()).toBe(home);
  await homeStep(home).make(quietSay);
  expect(readFileSync(join(home, "passphrase"), "utf8")).toBe(passphrase);
});

test("a passphrase that others may read is made private again, and stays what it is", async () => {
  const home = await madeHome();
  writeFileSync(join(home, "passphrase"), "known\n");
  chmodSync(join(home, "passphrase"), 0o644);
  expect(await homeStep(home).look()).toBeUndefined();
  await homeStep(home).make(quietSay);
  expect(mode(join(home, "passphrase"))).toBe(0o600);
  expect(readFileSync(join(home, "passphrase"), "utf8")).toBe("known\n");
});

test("a lost passphrase is replaced once there are no stacks that it encrypted, and not before", async () => {
  const home = await madeHome();
  const stack = join(home, "state", ".pulumi", "stacks", "drydock", "dev.json");
  mkdirSync(dirname(stack), { recursive: true });
  writeFileSync(stack, "{}");
  rmSync(join(home, "passphrase"));
  await expect(homeStep(home).make(quietSay)).rejects.toThrow(/passphrase .* is gone[\s\S]*put the file back/);
  rmSync(stack);
  await homeStep(home).make(quietSay);
  expect(existsSync(join(home, "passphrase"))).toBe(true);
});

test("an empty passphrase is told while stacks need it, and replaced when none does", async () => {
  const home = await madeHome();
  const stack = join(home, "state", ".pulumi", "stacks", "drydock", "dev.json");
  mkdirSync(dirname(stack), { recursive: true });
  writeFileSync(stack, "{}");
  writeFileSync(join(home, "passphrase"), "\n");
  expect(await homeStep(home).look()).toBeUndefined();
  await expect(homeStep(home).make(quietSay)).rejects.toThrow(/passphrase: it is empty[\s\S]*put the file back/);
  rmSync(stack);
  await homeStep(home).make(quietSay);
  expect(readFileSync(join(home, "passphrase"), "utf8").trim().length).toBeGreaterThanOrEqual(43);
});

test("a home that others may look into is made private", async () => {
  const home = await madeHome();
  chmodSync(home, 0o755);
  expect(await homeStep(home).look()).toBeUndefined();
  await homeStep(home).make(quietSay);
  expect(mode(home)).toBe(0o700);
});

test("a folder of other things is neither filled nor made private", async () => {
  const folder = scratchFolder();
  writeFileSync(join(folder, "thesis.txt"), "");
  chmodSync(folder, 0o755);
  await expect(homeStep(folder).make(quietSay)).rejects.toThrow(/holds other things.*\n.*thesis\.txt\n.*DRYDOCK_HOME/);
  expect(mode(folder)).toBe(0o755);
  expect(readdirSync(folder)).toEqual(["thesis.txt"]);
});
