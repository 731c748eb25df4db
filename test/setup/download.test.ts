import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { download } from "../../setup/download.ts";
import { dockerPlugin } from "./fakeTool.ts";
import { quietSay } from "./quietSay.ts";
import { scratchFolder, script } from "./scratch.ts";

const name = "pulumi-resource-docker";

/** A server that publishes the plugin's archive with a list of checksums. */
async function publish({ tamper = (archive: Buffer) => archive } = {}): Promise<string> {
  const folder = scratchFolder();
  script(join(folder, name), "echo published");
  const archive = execFileSync("tar", ["-czf", "-", "-C", folder, name]);
  const sums = `${createHash("sha1").update(archive).digest("hex")}  ./${name}.tar.gz\n`;
  const files: Record<string, string | Buffer> = { "/checksums.txt": sums, [`/${name}.tar.gz`]: tamper(archive) };
  const server = createServer(({ url = "" }, response) => {
    response.statusCode = url in files ? 200 : 404;
    response.end(files[url]);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("the published archive's binaries arrive, and nothing else", async () => {
  const into = scratchFolder();
  const url = await publish();
  expect(await download(dockerPlugin(url), into, quietSay)).toBe(
    `${dockerPlugin().version}, downloaded from ${url}/${name}.tar.gz`,
  );
  expect(execFileSync(join(into, name), { encoding: "utf8" })).toBe("published\n");
  expect(existsSync(join(into, "download"))).toBe(false);
});

test("an archive that was tampered with is refused, and not unpacked", async () => {
  const into = scratchFolder();
  const url = await publish({ tamper: (archive) => Buffer.concat([archive, Buffer.from("!")]) });
  await expect(download(dockerPlugin(url), into, quietSay)).rejects.toMatchObject({
    name: "MachineError",
    message: expect.stringMatching(/not the file that was published/) as string,
  });
  expect(existsSync(join(into, name))).toBe(false);
});

test("a server that does not answer, or has no such file, is named with what it answered", async () => {
  await expect(download(dockerPlugin(), scratchFolder(), quietSay)).rejects.toThrow(
    /tried http:\/\/127\.0\.0\.1:9\/checksums\.txt: .+/,
  );
  const missing = `${await publish()}/nowhere`;
  await expect(download(dockerPlugin(missing), scratchFolder(), quietSay)).rejects.toThrow(/nowhere.*404 Not Found/);
});

test("a proxy's page instead of a list of checksums is not taken for one", async () => {
  const url = await publish();
  const tool = dockerPlugin(url);
  tool.release.checksums = tool.release.archive;
  await expect(download(tool, scratchFolder(), quietSay)).rejects.toThrow(/no checksum of pulumi-resource-docker/);
});

test("a download that is interrupted ends at once", async () => {
  const server = createServer(() => undefined);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => server.closeAllConnections());
  const tool = dockerPlugin(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const signal = AbortSignal.timeout(50);
  const start = performance.now();
  await expect(download(tool, scratchFolder(), { ...quietSay, signal })).rejects.toThrow(/checksums\.txt/);
  expect(performance.now() - start).toBeLessThan(3_000);
});
