import { chmod, mkdir, rename, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { extract } from "tar-stream";
import { beforeEach, expect, test } from "vitest";
import { contentHash, packFiles, readFolder } from "../../images/folder.ts";
import { temporaryFolder } from "../temporaryFolder.ts";

const base = "sha256:base";
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder, "rootfs/etc"), { recursive: true });
  await writeFile(join(folder, "Dockerfile"), "FROM debian:trixie-slim\n");
  await writeFile(join(folder, "rootfs/etc/motd"), "hello\n");
});

const hash = async (of = base) => contentHash(of, await readFolder(folder));

test("the hash is twelve hexadecimal digits and stays", async () => {
  expect(await hash()).toMatch(/^[0-9a-f]{12}$/);
  expect(await hash()).toBe(await hash());
});

test.each<[string, () => Promise<void>]>([
  ["a file's content", () => writeFile(join(folder, "rootfs/etc/motd"), "hullo\n")],
  ["a file's name", () => rename(join(folder, "rootfs/etc/motd"), join(folder, "rootfs/etc/issue"))],
  ["a file's folder", () => rename(join(folder, "rootfs/etc/motd"), join(folder, "rootfs/motd"))],
  ["a file's executable bit", () => chmod(join(folder, "rootfs/etc/motd"), 0o755)],
  ["one file more, though empty", () => writeFile(join(folder, "rootfs/etc/empty"), "")],
  ["content that moves from one file to the next", () => writeFile(join(folder, "Dockerfile"), "FROM debian")],
])("the hash changes with %s", async (_what, change) => {
  const before = await hash();
  await change();
  expect(await hash()).not.toBe(before);
});

test("the hash changes with the base image", async () => {
  expect(await hash("sha256:other")).not.toBe(await hash());
});

test("the hash does not change with times, nor with the mode's other bits", async () => {
  const before = await hash();
  await utimes(join(folder, "Dockerfile"), 1, 1);
  await chmod(join(folder, "Dockerfile"), 0o600);
  expect(await hash()).toBe(before);
});

test("a link is refused by name", async () => {
  await symlink("Dockerfile", join(folder, "link"));
  await expect(readFolder(folder)).rejects.toThrow(/link is neither a file nor a folder/);
});

test("the build context has every file with its content and executable bit", async () => {
  await chmod(join(folder, "rootfs/etc/motd"), 0o700);
  const seen: [string, number | undefined, string][] = [];
  const archive = packFiles(await readFolder(folder)).pipe(extract());
  for await (const entry of archive) seen.push([entry.header.name, entry.header.mode, await text(entry)]);
  expect(seen).toEqual([
    ["Dockerfile", 0o644, "FROM debian:trixie-slim\n"],
    ["rootfs/etc/motd", 0o755, "hello\n"],
  ]);
});
