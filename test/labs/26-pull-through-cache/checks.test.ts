import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { recordingFile, type Changes, type Recording } from "../replay.ts";
import { edit, expectFail, reprint, say, verdictOf } from "../verdicts.ts";

const slug = "pull-through-cache";

const cacheLog = /docker logs --timestamps cache/;
const upstreamLog = /docker logs --timestamps hub-gate/;
const disk = /find repositories/;
const credentials = /docker exec cache env/;
const begunPush = /-X POST/;

const recorded = JSON.parse(readFileSync(recordingFile(slug, "done"), "utf8")) as Recording;
const addressOf = (host: string) => recorded.hosts[host]?.address ?? "";
const linesOf = (host: string, command: RegExp) =>
  Object.entries(recorded.hosts[host]?.run ?? {})
    .filter(([known]) => command.test(known))
    .flatMap(([, { stdout }]) => stdout.trimEnd().split("\n"));

const isTagQuestion = (line: string) => line.includes('"HEAD /v2/library/orders/manifests/1 ');
const cutOff = linesOf("mirror", cacheLog).find((line) => isTagQuestion(line) && line.includes(addressOf("host-2")));

/** Without the lines that match. */
const less = (lines: RegExp) => (text: string) =>
  text
    .split("\n")
    .filter((line) => !lines.test(line))
    .join("\n");

/** With what upstream logs when it answers the cache during host-2's pull. */
const answered = (status: number) => (text: string) => {
  const before = linesOf("upstream", upstreamLog).find((line) => isTagQuestion(line) && line.includes(" mirror "));
  const line = before?.replace(/^\S+/, cutOff?.split(" ")[0] ?? "").replace('1" 200', `1" ${status}`);
  return `${text}${line}\n`;
};

const pulledByDigest = (text: string) =>
  text.replaceAll("HEAD /v2/library/orders/manifests/1 ", "HEAD /v2/library/orders/manifests/sha256:0 ");

/** host-2 asked for the tag in one pull, and got the layer in another, by its digest. */
const twoPulls = (text: string) => {
  const ping = cutOff?.replace("HEAD /v2/library/orders/manifests/1", "GET /v2/");
  return text.replace(`${cutOff}\n`, `${cutOff}\n${ping}\n`);
};

const noImages = edit("/images", () => []);
const mirrors = (...Mirrors: string[]): Changes =>
  edit("/info", (info) => ({ ...info, RegistryConfig: { ...info.RegistryConfig, Mirrors } }));

it.each<[string, RegExp, Changes]>([
  ["published", /has no library\/orders:1\.0$/, reprint(disk, less(/^tag library\/orders:1\.0 /))],
  ["published", /no library\/orders:1, no library\/stock:1$/, reprint(disk, less(/^tag library\/\w+:1 /))],

  [
    "cache-over-tls",
    /unable to get local issuer/,
    say(/http_code/, { code: 60, stderr: "unable to get local issuer" }),
  ],
  ["cache-over-tls", /answers 401/, say(/http_code/, { stdout: "401" })],

  ["credentials-kept", /no container cache runs/, say(credentials, { code: 1 })],
  ["credentials-kept", /its upstream is none/, say(credentials, { stdout: "upstream \n" })],
  ["credentials-kept", /its upstream is http:/, reprint(credentials, (text) => text.replace("https:", "http:"))],
  ["credentials-kept", /it asks as nobody/, say(credentials, { stdout: "upstream https://upstream:5000\n" })],
  [
    "credentials-kept",
    /it asks as publisher/,
    reprint(credentials, (text) => text.replace("account mirror", "account publisher")),
  ],
  ["credentials-kept", /docker inspect cache prints/, reprint(credentials, (text) => `${text}inspected\n`)],
  ["credentials-kept", /the log of cache has/, reprint(credentials, (text) => `${text}logged\n`)],
  [
    "credentials-kept",
    /may read the password in \/root\/cache\/upstream\.password \(644\)$/,
    reprint(credentials, (text) => text.replace(/600 (\S+password)/, "644 $1")),
  ],
  [
    "credentials-kept",
    /may read the password in \/root\/a b\.yml \(640\)$/,
    reprint(credentials, (text) => `${text}file 640 /root/a b.yml\n`),
  ],

  ["pushes-refused", /no answer: timed out/, say(begunPush, { code: 28, stderr: "timed out" })],
  ["pushes-refused", /it answers 401/, say(begunPush, { stdout: "HTTP/2 401 \r\n\r\n" })],

  [
    "engines-ask-the-cache",
    /first asks http:\/\/10\.255\.0\.2:5000\/$/,
    mirrors("http://10.255.0.2:5000/", "https://mirror:5000/"),
  ],
  ["engines-ask-the-cache", /first asks nobody/, mirrors()],
  [
    "engines-ask-the-cache",
    /among its insecure registries/,
    edit("/info", (info) => ({
      ...info,
      RegistryConfig: { ...info.RegistryConfig, IndexConfigs: { "mirror:5000": { Secure: false } } },
    })),
  ],

  ["first-pull-fetched", /has no image orders/, noImages],
  ["first-pull-fetched", /the cache's log no pull of it/, reprint(cacheLog, () => "")],
  ["first-pull-fetched", /nothing of the cache fetching it/, reprint(upstreamLog, less(/ mirror .*GET .*\/blobs\//))],

  ["served-while-cut-off", /has no image orders/, noImages],
  ["served-while-cut-off", /it came another way/, reprint(cacheLog, less(/\/blobs\//))],
  ["served-while-cut-off", /it came another way/, reprint(cacheLog, pulledByDigest)],
  ["served-while-cut-off", /it came another way/, reprint(cacheLog, twoPulls)],
  ["served-while-cut-off", /upstream was there/, reprint(upstreamLog, answered(200))],
  ["served-while-cut-off", /upstream was there/, reprint(upstreamLog, answered(401))],
  ["served-while-cut-off", /log begins after host-2's pull/, reprint(upstreamLog, () => "")],

  ["moved-tag-followed", /1 is still what 1\.0 is/, reprint(disk, less(/^tag library\/orders:1\.0 /), "upstream")],
  ["moved-tag-followed", /unknown in the cache/, reprint(disk, less(/^tag/), "mirror")],
  [
    "moved-tag-followed",
    /host-1's orders:1 is not/,
    edit("/images", (images) => images.map((image) => ({ ...image, RepoTags: [] }))),
  ],

  ["cache-holds-what-was-asked", /no report: refused/, say(/_catalog/, { code: 7, stderr: "refused" })],
  ["cache-holds-what-was-asked", /it reports nothing/, say(/_catalog/, { stdout: '{"repositories":[]}' })],
  ["cache-holds-what-was-asked", /1 of the two images, 3 of their 3 blobs/, reprint(disk, lessFirstManifest, "mirror")],
  ["cache-holds-what-was-asked", /2 of the two images, 0 of their 6 blobs/, reprint(disk, less(/^blob/), "mirror")],
])("%s fails: %s", (id, evidence, changes) => expectFail(slug, id, evidence, changes));

function lessFirstManifest(text: string): string {
  return text.replace(/^manifest .*\n/m, "");
}

describe("what the checks see", () => {
  it("is upstream away, too, where its gate says that the registry behind it is", async () => {
    const { verdict } = await verdictOf(slug, "served-while-cut-off", reprint(upstreamLog, answered(502)));
    expect(verdict).toBe("pass");
  });

  it("takes back the beginning of a push that was taken", async () => {
    const asked: string[] = [];
    const verdict = await verdictOf(slug, "pushes-refused", {
      run: (command) => {
        asked.push(command);
        return { code: 0, stdout: "HTTP/2 202 \r\nlocation: https://mirror:5000/v2/upload\r\n\r\n", stderr: "" };
      },
    });
    expect(verdict).toMatchObject({ verdict: "fail", evidence: expect.stringContaining("202") as string });
    expect(asked[1]).toMatch(/-X DELETE 'https:\/\/mirror:5000\/v2\/upload'$/);
  });
});
