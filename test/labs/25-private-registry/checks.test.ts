import { describe, expect, it } from "vitest";
import { replay, type Changes } from "../replay.ts";
import { edit, expectFail, reprint, say, verdictOf } from "../verdicts.ts";

const slug = "private-registry";

/** Changes the version that an image in the registry says it is. */
const version = (from: string, to: string): Changes => ({
  run: (command, result) =>
    result && command.includes("/blobs/")
      ? { ...result, stdout: result.stdout.replaceAll(`image.version":"${from}"`, `image.version":"${to}"`) }
      : result,
});

/** What the registry answers for a manifest that it has not. */
const noManifest = (reference: string) =>
  say(new RegExp(`/manifests/${reference}$`), { stdout: "HTTP/2 404 \r\ncontent-type: application/json\r\n\r\n{}" });

const untouched = edit("/images", (images) => images);

it.each<[string, RegExp, Changes]>([
  [
    "certificate-for-depot",
    /does not verify .*: hostname mismatch/,
    say(/verify/, { code: 2, stderr: "hostname mismatch" }),
  ],
  [
    "certificate-for-depot",
    /client has not that CA .*: sha256 Fingerprint=AA/,
    say(/certs\.d/, { stdout: "sha256 Fingerprint=AA" }),
  ],
  [
    "certificate-for-depot",
    /client has not that CA .*No such file/,
    say(/certs\.d/, { code: 1, stderr: "No such file" }),
  ],
  [
    "served-over-tls",
    /no answer over TLS: certificate has expired/,
    say(/verified/, { code: 60, stderr: "certificate has expired" }),
  ],
  [
    "served-over-tls",
    /among its insecure registries/,
    { engine: () => ({ RegistryConfig: { IndexConfigs: { "depot:5000": { Secure: false } } } }) },
  ],
  ["password-asked", /without a password it answers 200/, say(/_catalog$/, { stdout: "200" })],
  ["password-asked", /is logged in with 401/, say(/-i .*_catalog$/, { stdout: "HTTP/2 401 \r\n\r\n{}" })],
  ["first-release-pushed", /has no app:1\.0\.0/, noManifest("1.0.0")],
  ["first-release-pushed", /has no app:1\.0$/, noManifest("1.0")],
  ["first-release-pushed", /calls itself 0\.9/, version("1.0.0", "0.9")],
  [
    "first-release-pushed",
    /1\.0 is sha256:feed/,
    reprint(/manifests\/1\.0$/, (text) => text.replace(/(docker-content-digest: )\S+/i, "$1sha256:feed")),
  ],
  [
    "pulled-elsewhere",
    /depot holds no image/,
    edit("/images", () => [{ RepoTags: ["depot:5000/app:1.0.0"], RepoDigests: [] }]),
  ],
  ["tags-moved", /has no app:latest/, noManifest("latest")],
  ["tags-moved", /latest is 1\.0\.0/, version("1.1.0", "1.0.0")],
  ["digest-pinned", /no container pinned/, { engine: () => [] }],
  [
    "digest-pinned",
    /pinned runs depot:5000\/app:1\.0\.0$/,
    { engine: () => [{ Names: ["/pinned"], Image: "depot:5000/app:1.0.0", State: "running" }] },
  ],
  ["candidate-deleted", /client has no app:2\.0\.0-rc\.1/, edit("/images", () => [])],
  [
    "candidate-deleted",
    /still has 2\.0\.0-rc\.1/,
    say(/manifests\/sha256:/, { stdout: 'HTTP/2 200 \r\ndocker-content-digest: sha256:1\r\n\r\n{"layers":[]}' }),
  ],
  ["garbage-collected", /has not been pushed and deleted/, edit("/images", () => [])],
  [
    "garbage-collected",
    /^2 blobs on disk, 3 KiB, are needed by no manifest/,
    reprint(/find blobs/, (text) => `${text}blob sha256:aa 1024\nblob sha256:bb 2048\n`),
  ],
  [
    "garbage-collected",
    /still read-only/,
    say(/docker exec hub cat/, { stdout: "    readonly:\n      enabled: true\n" }),
  ],
])("%s fails: %s", (id, evidence, changes) => expectFail(slug, id, evidence, changes));

describe("what a check sees", () => {
  it("passes as it was recorded", async () => {
    expect((await verdictOf(slug, "garbage-collected", untouched)).verdict).toBe("pass");
  });

  it("is told with no password: by standard input goes what lets it in", async () => {
    const asked: string[] = [];
    await verdictOf(slug, "tags-moved", { run: (command, result) => (asked.push(command), result) });
    expect(asked.length).toBeGreaterThan(6);
    for (const command of asked) expect(command).toContain("| curl -sS -i --max-time 10 --cacert");
    expect(JSON.stringify(replay(slug, "done").outputs)).not.toContain("Basic");
  });
});
