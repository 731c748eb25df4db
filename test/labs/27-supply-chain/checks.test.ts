import { describe, expect, it } from "vitest";
import { sbomOf } from "../../../labs/27-supply-chain/gate.ts";
import { grade } from "../../../labs/grade.ts";
import { loadLab } from "../../../labs/index.ts";
import { replay, type Changes } from "../replay.ts";
import { expectFail, reprint, say } from "../verdicts.ts";

const slug = "supply-chain";

const disk = /find repositories/;
const admit = (version: string) => new RegExp(`(^|; )admit build:5000/page:${version.replace(".", "\\.")}$`);
const verify = (version: string) => new RegExp(`cosign verify .*page:${version.replace(".", "\\.")}$`);
const attested = /cosign verify-attestation/;
const keyModes = /cosign\.key && stat/;
const gateAccount = /\/root\/gate\/config\.json \| cut/;
const blind = /osv-scanner <<END/;

/** What scan-gate answers to an SBOM of that package. */
const gateSays = (known: string, code: number): Changes => ({
  run: (command, result) =>
    command.includes(`${sbomOf(known)}' > sbom.cdx.json; scan-gate`)
      ? { code, stdout: "", stderr: "the gate's words" }
      : result,
});

/** Without the tags that match. */
const less = (tags: RegExp) =>
  reprint(disk, (text) =>
    text
      .split("\n")
      .filter((line) => !(line.startsWith("tag ") && tags.test(line)))
      .join("\n"),
  );

/** With a signature's tag for a version that has none. */
const signed = (version: string) =>
  reprint(disk, (text) => {
    const [, digest = ""] = new RegExp(`^tag page:${version} (sha256:\\w+)$`, "m").exec(text) ?? [];
    return `${text}tag page:${digest.replace(":", "-")}.sig sha256:0\n`;
  });

const running = (Image: string): Changes => ({ engine: () => [{ Names: ["/page"], Image }] });

it.each<[string, RegExp, Changes]>([
  ["sbom-written", /has no page:1\.0$/, less(/:1\.0 /)],
  ["sbom-written", /no SBOM \/root\/release\/1\.0/, say(/^jq .*1\.0/, { code: 2 })],
  ["sbom-written", /is of 1\.0, the image is sha256:/, say(/^jq .*1\.0/, { stdout: '{"digest":"1.0","purls":[]}' })],
  ["sbom-written", /has 1 npm packages/, reprint(/^jq .*1\.0/, (text) => text.replace("npm/drydock-ledger", "deb/x"))],

  ["gate-on-severity", /it refuses a flaw of 2\.2: the gate's words/, gateSays("drydock-ledger 0.9.1", 1)],
  ["gate-on-severity", /it refuses a flaw that is mended/, gateSays("drydock-courier 2.3.1", 1)],
  ["gate-on-severity", /it lets a flaw of 7\.5 pass/, gateSays("drydock-courier 2.3.0", 0)],
  ["gate-on-severity", /it lets a flaw of 9\.8 pass/, gateSays("drydock-parcel 1.4.1", 0)],
  ["gate-on-severity", /lets a file pass that is no SBOM/, say(/"Cyc' >/, {})],
  ["gate-on-severity", /lets pass what the scanner could not look into/, say(blind, {})],
  ["gate-on-severity", /did not ask osv-scanner/, say(blind, { code: 99 })],

  ["flaw-mended", /has no page:1\.1$/, less(/:1\.1 /)],
  ["flaw-mended", /scan-gate passes 1\.0/, say(/&& scan-gate 1\.0/, {})],
  ["flaw-mended", /scan-gate refuses 1\.1: still there/, say(/&& scan-gate 1\.1/, { code: 1, stderr: "still there" })],

  ["signed", /1\.1 does not verify .*: no signatures/, say(verify("1.1"), { code: 10, stderr: "no signatures" })],
  ["sbom-attested", /1\.0 has no SBOM attested .*: none/, say(attested, { code: 10, stderr: "none" })],
  [
    "sbom-attested",
    /attested for 1\.0 is of sha256:0, the image is/,
    say(attested, { stdout: '{"digest":"sha256:0","purls":[]}' }),
  ],
  ["key-stays", /has no cosign\.key/, say(keyModes, { code: 1 })],
  ["key-stays", /others than root may read 644 password$/, reprint(keyModes, (text) => text.replace("600 p", "644 p"))],
  ["key-stays", /prod has a private key, \/root\/cosign\.key/, say(/SIGSTORE/, { stdout: "/root/cosign.key\n" })],

  ["admits-by-digest", /has no page:1\.1/, less(/:1\.1 /)],
  ["admits-by-digest", /admit refuses 1\.1: not found/, say(admit("1.1"), { code: 127, stderr: "not found" })],
  ["admits-by-digest", /admit answers "build:5000\/page:1\.1"/, say(admit("1.1"), { stdout: "build:5000/page:1.1\n" })],
  ["deployed-by-digest", /no container page/, { engine: () => [] }],
  ["deployed-by-digest", /page runs build:5000\/page:1\.1$/, running("build:5000/page:1.1")],
  [
    "deployed-by-digest",
    /page runs build:5000\/page@undefined$/,
    { ...running("build:5000/page@undefined"), ...less(/:1\.1 /) },
  ],
  ["account-of-the-gate", /logged in as ci, past the gate/, say(/\.docker\/config\.json/, { stdout: "ci\n" })],
  ["account-of-the-gate", /has the account ci/, say(gateAccount, { stdout: "ci\n" })],
  ["account-of-the-gate", /has the account of nobody/, say(gateAccount, { stdout: "\n" })],
  ["account-of-the-gate", /has the mode 644/, say(/%a \/root\/gate/, { stdout: "644\n" })],

  ["unsigned-refused", /has no page:1\.2/, less(/:1\.2 /)],
  ["unsigned-refused", /1\.2 has a signature/, signed("1.2")],
  ["unsigned-refused", /no command admit/, say(admit("1.2"), { code: 98 })],
  ["unsigned-refused", /admit lets 1\.2 in/, say(admit("1.2"), {})],
  ["stranger-refused", /has no page:1\.3/, less(/:1\.3 /)],
  ["stranger-refused", /1\.3 has no signature/, less(/\.sig /)],
  ["stranger-refused", /signed by your own key/, say(verify("1.3"), {})],
  ["stranger-refused", /admit lets 1\.3 in/, say(admit("1.3"), {})],
  ["flaw-refused", /1\.0 is not signed by your key/, say(verify("1.0"), { code: 10 })],
  ["flaw-refused", /admit lets 1\.0 in/, say(admit("1.0"), {})],
  ["closed-when-blind", /admit refuses 1\.1 as it is/, say(admit("1.1"), { code: 1 })],
  ["closed-when-blind", /lets pass what the scanner could not look into/, say(blind, {})],
  ["closed-when-blind", /did not ask osv-scanner/, say(blind, { code: 99 })],
])("%s fails: %s", (id, evidence, changes) => expectFail(slug, id, evidence, changes));

describe("the verdicts", () => {
  it("hold neither a password nor a key", async () => {
    const graded = await grade(await loadLab(slug).checks(), replay(slug, "done"));
    expect(JSON.stringify(graded)).not.toMatch(/BEGIN|Basic /);
  });
});
