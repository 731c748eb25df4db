import { spawnSync } from "node:child_process";
import { chmod, lstat, mkdir, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { writePrivateFile } from "../../access/privateFile.ts";
import {
  addInclude,
  hasInclude,
  needlessIncludes,
  removeInclude,
  sshFiles,
  type SshAlias,
} from "../../access/sshConfig.ts";
import { keyPair } from "../engine/sshServer.ts";
import { temporaryFolder } from "../temporaryFolder.ts";

const { privateKey, publicKey } = keyPair();
const hosts: SshAlias[] = [
  { alias: "drydock-dev-a", port: 20001, hostKey: publicKey },
  { alias: "drydock-dev-b", port: 20002, hostKey: publicKey },
];

let home: string;
let config: string;

beforeEach(async () => {
  home = await temporaryFolder();
  config = join(home, ".ssh", "config");
});

async function makeStack(name: string, stacks = join(home, "stacks")): Promise<string> {
  const folder = join(stacks, name);
  for (const [file, content] of Object.entries(sshFiles(folder, hosts, privateKey))) {
    await writePrivateFile(join(folder, file), content);
  }
  return folder;
}

async function userConfig(content: string | Buffer, mode = 0o600): Promise<void> {
  await mkdir(dirname(config), { recursive: true });
  await writeFile(config, content);
  await chmod(config, mode);
}

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
const text = () => readFile(config, "utf8");

test("a learner without a configuration gets a private one, which goes with the last stack", async () => {
  const [first, second] = [await makeStack("dev"), await makeStack("other")];

  await addInclude(first, config);
  await addInclude(second, config);

  expect((await text()).match(/Include/g)).toHaveLength(1);
  expect(await modeOf(config)).toBe(0o600);
  expect(await modeOf(dirname(config))).toBe(0o700);

  await rm(first, { recursive: true });
  await removeInclude(first, config);
  expect(await hasInclude(second, config)).toBe(true);

  await rm(second, { recursive: true });
  await removeInclude(second, config);
  await expect(stat(dirname(config))).rejects.toThrow("ENOENT");
});

test.each([
  ["plain text", "Host box\n  Port 2222\n"],
  ["no newline at its end", "Host box\n  Port 2222"],
  ["blank lines around", "\n\nHost box\n\n"],
  ["lines that end as on Windows", "Host box\r\n  Port 2222\r\n"],
  ["bytes that are no UTF-8", Buffer.from([0x23, 0xe9, 0xff, 0x0a])],
])("a configuration of %s is the same, byte for byte, once the stack is gone", async (_, content) => {
  await userConfig(content, 0o644);
  const folder = await makeStack("dev");

  await addInclude(folder, config);
  expect((await readFile(config)).subarray(-content.length)).toEqual(Buffer.from(content));
  expect(await modeOf(config)).toBe(0o644);

  await rm(folder, { recursive: true });
  await removeInclude(folder, config);
  expect(await readFile(config)).toEqual(Buffer.from(content));
  expect(await modeOf(config)).toBe(0o644);
});

test("a configuration that is a link stays one, and its target is what changes", async () => {
  const dotfile = join(home, "dotfiles", "ssh_config");
  await mkdir(dirname(dotfile));
  await mkdir(dirname(config));
  await writeFile(dotfile, "Host box\n");
  await symlink("../dotfiles/ssh_config", config);
  const folder = await makeStack("dev");

  await addInclude(folder, config);
  expect(await readlink(config)).toBe("../dotfiles/ssh_config");
  expect(await hasInclude(folder, config)).toBe(true);

  await rm(folder, { recursive: true });
  await removeInclude(folder, config);
  expect((await lstat(config)).isSymbolicLink()).toBe(true);
  expect(await readFile(dotfile, "utf8")).toBe("Host box\n");
});

test("a folder that was there stays, and so does what others put into one that was not", async () => {
  const folder = await makeStack("dev");
  await mkdir(dirname(config));
  await addInclude(folder, config);
  await rm(folder, { recursive: true });
  await removeInclude(folder, config);
  expect(await readdir(dirname(config))).toEqual([]);

  await rm(dirname(config), { recursive: true });
  const again = await makeStack("dev");
  await addInclude(again, config);
  await writeFile(join(dirname(config), "known_hosts"), "box\n");
  await rm(again, { recursive: true });
  await removeInclude(again, config);
  expect(await readdir(dirname(config))).toEqual(["known_hosts"]);
});

test("a file that two homes share goes with the last of them", async () => {
  const ours = await makeStack("dev");
  const theirs = await makeStack("dev", join(home, "elsewhere", "stacks"));
  await addInclude(ours, config);
  await addInclude(theirs, config);

  for (const folder of [ours, theirs]) {
    await rm(folder, { recursive: true });
    await removeInclude(folder, config);
  }

  await expect(stat(dirname(config))).rejects.toThrow("ENOENT");
});

test("an empty configuration stays one", async () => {
  await userConfig("");
  const folder = await makeStack("dev");
  await addInclude(folder, config);
  await rm(folder, { recursive: true });
  await removeInclude(folder, config);

  expect(await text()).toBe("");
});

test("a link to nothing is refused, and stays", async () => {
  await mkdir(dirname(config));
  await symlink(join(home, "unmounted"), config);
  const folder = await makeStack("dev");

  await expect(addInclude(folder, config)).rejects.toThrow(/link to a file that is not there[^]*by hand[^]*Include "/);

  expect(await readlink(config)).toBe(join(home, "unmounted"));
});

test("a line that the learner wrote will do, and stays", async () => {
  const folder = await makeStack("dev");
  const line = `Include "${join(home, "stacks", "*", "ssh_config")}"\n`;
  await userConfig(line);

  await addInclude(folder, config);
  await rm(folder, { recursive: true });
  await removeInclude(folder, config);

  expect(await text()).toBe(line);
});

test("the line of a home that is gone goes, too", async () => {
  await userConfig("Host box\n");
  const gone = join(home, 'gone "[1] *\\', "stacks");
  await addInclude(await makeStack("dev", gone), config);
  const folder = await makeStack("dev");
  await addInclude(folder, config);
  await rm(dirname(gone), { recursive: true });

  expect(await needlessIncludes(dirname(folder), config)).toHaveLength(1);
  await removeInclude(folder, config);

  expect(await hasInclude(folder, config)).toBe(true);
  expect(await needlessIncludes(dirname(folder), config)).toEqual([]);
  expect((await text()).split("\n")).toHaveLength(3);
});

test("what a killed command left beside the configuration goes, another's does not", async () => {
  await userConfig("Host box\n");
  const { pid } = spawnSync("true");
  const [dead, alive] = [`${config}.${pid}.part`, `${config}.${process.ppid}.part`];
  for (const part of [dead, alive]) await writeFile(part, "");

  await removeInclude(join(home, "stacks", "dev"), config);

  await expect(stat(dead)).rejects.toThrow("ENOENT");
  await rm(alive);
});

test("a link to an empty file stays, too", async () => {
  const dotfile = join(home, "dotfile");
  await mkdir(dirname(config));
  await writeFile(dotfile, "");
  await symlink(dotfile, config);
  const folder = await makeStack("dev");

  await addInclude(folder, config);
  await rm(folder, { recursive: true });
  await removeInclude(folder, config);

  expect(await readlink(config)).toBe(dotfile);
  expect(await readFile(dotfile, "utf8")).toBe("");
});

test("what another home included stays", async () => {
  const ours = await makeStack("dev");
  const theirs = await makeStack("dev", join(home, "elsewhere", "stacks"));
  await addInclude(ours, config);
  await addInclude(theirs, config);

  await rm(ours, { recursive: true });
  await removeInclude(ours, config);

  expect(await hasInclude(ours, config)).toBe(false);
  expect(await hasInclude(theirs, config)).toBe(true);
});

test("a configuration without our line is left alone", async () => {
  await userConfig("Host box\n");
  const before = await stat(config);

  await removeInclude(join(home, "stacks", "dev"), config);

  expect((await stat(config)).ino).toBe(before.ino);
  await rm(config);
  await removeInclude(join(home, "stacks", "dev"), config);
  await expect(stat(config)).rejects.toThrow("ENOENT");
});

describe.skipIf(spawnSync("ssh", ["-V"]).error)("as OpenSSH reads it", () => {
  function settingsOf(alias: string): Map<string, string> {
    const { stdout, stderr, status } = spawnSync("ssh", ["-T", "-F", config, "-G", alias], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    return new Map(stdout.split("\n").map((line) => [line.split(" ")[0] ?? "", line.split(" ").slice(1).join(" ")]));
  }

  test("a host is an alias with its port, key and pinned host key, whatever the learner has set for all hosts", async () => {
    await userConfig("Host *\n  User someone\n  Port 2222\n  StrictHostKeyChecking no\n  IdentityFile ~/.ssh/own\n");
    const folder = await makeStack("dev");
    await addInclude(folder, config);

    const settings = settingsOf("drydock-dev-b");

    expect(Object.fromEntries(settings)).toMatchObject({
      hostname: "127.0.0.1",
      port: "20002",
      user: "root",
      hostkeyalias: "drydock-dev-b",
      identitiesonly: "yes",
      stricthostkeychecking: "true",
      userknownhostsfile: join(folder, "known_hosts"),
    });
    expect(settingsOf("box").get("port")).toBe("2222");
  });

  test("a host on another machine is reached by way of it, with that machine's own host key asked for", async () => {
    const folder = join(home, "stacks", "dev");
    const far = { alias: "drydock-dev-a", port: 20001, hostKey: publicKey, via: "ssh://ada@lab1:2222" };
    await writePrivateFile(join(folder, "ssh_config"), sshFiles(folder, [far], privateKey).ssh_config ?? "");
    await addInclude(folder, config);

    expect(Object.fromEntries(settingsOf("drydock-dev-a"))).toMatchObject({
      hostname: "127.0.0.1",
      port: "20001",
      proxycommand: "ssh -o StrictHostKeyChecking=yes -W %h:%p -l ada -p 2222 -- lab1",
    });
  });

  test.each(["with space", "100% [2026] class", 'quo"te'])("a home of the name %j does", async (name) => {
    const folder = await makeStack("dev", join(home, name, "stacks"));
    await addInclude(folder, config);

    const settings = settingsOf("drydock-dev-a");

    expect(settings.get("port")).toBe("20001");
    expect(settings.get("identityfile")?.replaceAll("%%", "%")).toBe(join(folder, "id_ed25519"));

    await rm(folder, { recursive: true });
    await removeInclude(folder, config);
    await expect(stat(config)).rejects.toThrow("ENOENT");
  });

  test("the key is one that it can use, and the known hosts name the host", async () => {
    const folder = await makeStack("dev");

    const key = spawnSync("ssh-keygen", ["-y", "-f", join(folder, "id_ed25519")], { encoding: "utf8" });
    const known = spawnSync("ssh-keygen", ["-F", "drydock-dev-a", "-f", join(folder, "known_hosts")], {
      encoding: "utf8",
    });

    expect(key.stdout.trim()).toBe(publicKey);
    expect(known.stdout).toContain(`drydock-dev-a ${publicKey}`);
  });
});
