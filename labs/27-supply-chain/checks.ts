import { fail, pass, type Check, type CheckContext, type CommandResult, type Verdict } from "../check.ts";
import { lastLine, short } from "../registryChecks.ts";
import { registryDisk } from "../registryDisk.ts";
import { gateOn, packages, sbomOf, unasked, whenBlind } from "./gate.ts";
import { attestedSbom, sbomIn, verify } from "./signatures.ts";

const address = "build:5000";
const folder = "/root/release";
const tagOf = (version: string) => `${address}/page:${version}`;

const checks: Check[] = [
  {
    id: "sbom-written",
    step: 1,
    title: "1.0 is in the registry, and there is an SBOM of its digest",
    run: async (context) => sbomVerdict(context, "1.0"),
  },
  {
    id: "gate-on-severity",
    step: 2,
    title: "scan-gate passes what is low, and refuses 7.0 and above and what it cannot look into",
    run: async (context) => {
      const build = context.host("build");
      for (const name of ["a flaw of 2.2", "a flaw that is mended"] as const) {
        const answer = await gateOn(build, sbomOf(packages[name]));
        if (answer.code !== 0)
          return fail(`it refuses ${name}: ${lastLine(answer)}`, "Only what has a max_severity of 7.0 or above.");
      }
      for (const name of ["a flaw of 7.5", "a flaw of 9.8"] as const)
        if ((await gateOn(build, sbomOf(packages[name]))).code === 0)
          return fail(`it lets ${name} pass`, "Refuse when any max_severity is 7.0 or above.");
      if ((await gateOn(build, '{ "bomFormat": "Cyc')).code === 0)
        return fail("it lets a file pass that is no SBOM", "osv-scanner then ends with more than 1.");
      const seen = "it passes what is low or mended, and refuses 7.5, 9.8, what is no SBOM, and when it cannot look";
      return blindVerdict(await whenBlind(build, "scan-gate sbom.cdx.json"), "scan-gate", seen);
    },
  },
  {
    id: "flaw-mended",
    step: 2,
    title: "1.1 is in the registry with its SBOM, which the gate passes, as it does not that of 1.0",
    run: async (context) => {
      const written = await sbomVerdict(context, "1.1");
      if (written.verdict !== "pass") return written;
      const build = context.host("build");
      const gate = (version: string) => build.run(`cd ${folder} && scan-gate ${version}.cdx.json`);
      const [before, after] = [await gate("1.0"), await gate("1.1")];
      if (before.code === 0) return fail("scan-gate passes 1.0", "1.0 is with PARCEL=1.4.0, which has a flaw of 9.8.");
      return after.code === 0
        ? pass(`scan-gate refuses 1.0: ${lastLine(before)}; and passes 1.1`)
        : fail(`scan-gate refuses 1.1: ${lastLine(after)}`, "Build it with PARCEL=1.4.2.");
    },
  },
  {
    id: "signed",
    step: 3,
    title: "1.0 and 1.1 have a signature by your key",
    run: async (context) => {
      for (const version of ["1.0", "1.1"]) {
        const answer = await verify(context, tagOf(version));
        if (answer.code !== 0)
          return fail(
            `${version} does not verify with ${folder}/cosign.pub: ${lastLine(answer)}`,
            "cosign sign --key ...",
          );
      }
      return pass("both verify with your cosign.pub");
    },
  },
  {
    id: "sbom-attested",
    step: 3,
    title: "The SBOM of each is attested by your key, for the same digest",
    run: async (context) => {
      const seen: string[] = [];
      for (const version of ["1.0", "1.1"]) {
        const digest = await digestOf(context, version);
        const sbom = await attestedSbom(context, tagOf(version));
        if ("code" in sbom)
          return fail(
            `${version} has no SBOM attested by your key: ${lastLine(sbom)}`,
            "cosign attest --type cyclonedx ...",
          );
        if (sbom.digest !== digest)
          return fail(
            `the SBOM attested for ${version} is of ${sbom.digest}, the image is ${digest}`,
            "Each its own, made from NAME@sha256:..., and attested with --replace.",
          );
        seen.push(`${version}: ${sbom.purls.join(", ")}`);
      }
      return pass(seen.join("; "));
    },
  },
  {
    id: "key-stays",
    step: 3,
    title: "Only build has the private key: encrypted, and for root alone",
    run: async (context) => {
      const { code, stdout } = await context
        .host("build")
        .run(
          `cd ${folder} && grep -q 'ENCRYPTED .* PRIVATE KEY' cosign.key && stat --format '%a %n' cosign.key password`,
        );
      if (code !== 0)
        return fail(`${folder} has no cosign.key with its password beside it`, "cosign generate-key-pair < password");
      const open = stdout.split("\n").filter((line) => line !== "" && !/^[0-7]00 /.test(line));
      if (open.length > 0) return fail(`others than root may read ${open.join(", ")}`, "chmod 600");
      const strays = await context
        .host("prod")
        .run("grep -rlsE 'SIGSTORE PRIVATE KEY' /root /home /opt /srv /tmp /usr/local");
      return strays.stdout === ""
        ? pass("cosign.key is encrypted, and it and its password are for root alone; prod has no such key")
        : fail(`prod has a private key, ${strays.stdout.trim()}`, "Take it away: prod needs cosign.pub alone.");
    },
  },
  {
    id: "admits-by-digest",
    step: 4,
    title: "admit answers to 1.1 with its digest",
    run: async (context) => {
      const digest = await digestOf(context, "1.1");
      if (digest === undefined) return fail("the registry has no page:1.1", "See step 2.");
      const wanted = `${address}/page@${digest}`;
      const answer = await context.host("prod").run(`admit ${tagOf("1.1")}`);
      if (answer.code !== 0) return fail(`admit refuses 1.1: ${lastLine(answer)}`, "Run it by hand: what does it say?");
      return answer.stdout.trim() === wanted
        ? pass(`admit answers ${address}/page@${short(digest)}`)
        : fail(`admit answers "${answer.stdout.trim()}"`, `Print ${wanted} on standard output, and nothing else.`);
    },
  },
  {
    id: "deployed-by-digest",
    step: 4,
    title: "prod runs page by the digest of 1.1",
    run: async (context) => {
      const running = await context.host("prod").engine<{ Names: string[]; Image: string }[]>("/containers/json");
      const page = running.find(({ Names }) => Names.includes("/page"));
      if (!page) return fail("no container page runs on prod", `deploy ${tagOf("1.1")}`);
      const digest = await digestOf(context, "1.1");
      return digest !== undefined && page.Image === `${address}/page@${digest}`
        ? pass(`page runs ${address}/page@${short(digest)}, which is 1.1`)
        : fail(`page runs ${page.Image}`, `deploy ${tagOf("1.1")}, which runs what admit answers.`);
    },
  },
  {
    id: "account-of-the-gate",
    step: 4,
    title: "prod knows the registry's account in /root/gate alone, and it may only pull",
    run: async (context) => {
      const prod = context.host("prod");
      const account = (file: string) =>
        prod.run(`jq -r '.auths["${address}"].auth // "" | @base64d' ${file} | cut -d : -f 1`);
      const [gate, open] = [await account("/root/gate/config.json"), await account("/root/.docker/config.json")];
      if (open.stdout.trim() !== "")
        return fail(`prod's docker is logged in as ${open.stdout.trim()}, past the gate`, `docker logout ${address}`);
      if (gate.stdout.trim() !== "prod")
        return fail(
          `/root/gate has the account ${gate.stdout.trim() || "of nobody"}`,
          "docker --config /root/gate login ...",
        );
      const { stdout: mode } = await prod.run("stat --format %a /root/gate/config.json");
      return /^[0-7]00$/.test(mode.trim())
        ? pass("the account prod is in /root/gate/config.json, for root alone, and docker by itself has none")
        : fail(`/root/gate/config.json has the mode ${mode.trim()}`, "chmod 600");
    },
  },
  {
    id: "unsigned-refused",
    step: 5,
    title: "1.2 has no signature, and admit refuses it",
    run: async (context) => {
      const digest = await digestOf(context, "1.2");
      if (digest === undefined) return fail("the registry has no page:1.2", `docker push ${tagOf("1.2")}`);
      if (await isSigned(context, digest))
        return fail("1.2 has a signature", "Push another image as 1.2, with a label of its own, and do not sign it.");
      return refusal(context, "1.2", "it has no signature");
    },
  },
  {
    id: "stranger-refused",
    step: 5,
    title: "1.3 has a signature by a stranger's key, and admit refuses it",
    run: async (context) => {
      const digest = await digestOf(context, "1.3");
      if (digest === undefined) return fail("the registry has no page:1.3", `docker push ${tagOf("1.3")}`);
      if (!(await isSigned(context, digest)))
        return fail("1.3 has no signature", "Sign it with the key in /root/stranger.");
      if ((await verify(context, tagOf("1.3"))).code === 0)
        return fail(
          "1.3 is signed by your own key",
          "Push another image as 1.3, and sign it with the stranger's key alone.",
        );
      return refusal(context, "1.3", "its signature is by another key");
    },
  },
  {
    id: "flaw-refused",
    step: 5,
    title: "1.0 has your signature and a flaw of 9.8, and admit refuses it",
    run: async (context) => {
      const signed = await verify(context, tagOf("1.0"));
      if (signed.code !== 0)
        return fail(`1.0 is not signed by your key: ${lastLine(signed)}`, "Sign it: it is refused for its flaw.");
      return refusal(context, "1.0", "it is signed");
    },
  },
  {
    id: "closed-when-blind",
    step: 5,
    title: "Where the scanner cannot look, admit refuses even 1.1",
    run: async (context) => {
      const prod = context.host("prod");
      const usual = await prod.run(`admit ${tagOf("1.1")}`);
      if (usual.code !== 0) return fail(`admit refuses 1.1 as it is: ${lastLine(usual)}`, "See step 4.");
      const seen = "admit lets 1.1 in, and refuses it when osv-scanner ends with 127";
      return blindVerdict(await whenBlind(prod, `admit ${tagOf("1.1")}`), "admit", seen);
    },
  },
];

export default checks;

/** The digest that a version's tag has in the registry; undefined where it has none. */
async function digestOf(context: CheckContext, version: string): Promise<string | undefined> {
  const { tags } = await registryDisk(context.host("build"), "hub");
  return tags.get(`page:${version}`);
}

/** cosign keeps the signatures of an image under a tag that is made of its digest. */
async function isSigned(context: CheckContext, digest: string): Promise<boolean> {
  const { tags } = await registryDisk(context.host("build"), "hub");
  return tags.has(`page:${digest.replace(":", "-")}.sig`);
}

/** Whether a version is in the registry, and there is an SBOM of it. */
async function sbomVerdict(context: CheckContext, version: string): Promise<Verdict> {
  const digest = await digestOf(context, version);
  if (digest === undefined) return fail(`the registry has no page:${version}`, `docker push ${tagOf(version)}`);
  const file = `${folder}/${version}.cdx.json`;
  const sbom = await sbomIn(context, file);
  if (!sbom) return fail(`build has no SBOM ${file}`, "syft scan ... --output cyclonedx-json=FILE");
  if (sbom.digest !== digest)
    return fail(`${file} is of ${sbom.digest}, the image is ${digest}`, "Scan registry:NAME@sha256:...");
  const packages = sbom.purls.filter((purl) => purl.startsWith("pkg:npm/"));
  return packages.length === 2
    ? pass(`${version} is ${short(digest)}, with ${packages.join(" and ")}`)
    : fail(`${file} has ${packages.length} npm packages, the image has two`, "Build it from /root/lab.");
}

/** That admit refuses a version, which is there, for what is known of it. */
async function refusal(context: CheckContext, version: string, known: string): Promise<Verdict> {
  const answer = await context
    .host("prod")
    .run(`command -v admit > /dev/null || exit ${absent}; admit ${tagOf(version)}`);
  if (answer.code === absent) return fail("prod has no command admit", "See step 4.");
  return answer.code === 0
    ? fail(
        `admit lets ${version} in, and ${known}`,
        "Each of the three questions must be able to refuse: set -euo pipefail",
      )
    : pass(`${known}; admit says: ${lastLine(answer)}`);
}
const absent = 98;

/** That a gate refuses when the scanner cannot look. */
function blindVerdict({ code }: CommandResult, gate: string, seen: string): Verdict {
  if (code === 0)
    return fail(`${gate} lets pass what the scanner could not look into`, "Refuse when it ends with more than 1.");
  return code === unasked
    ? fail(`${gate} did not ask osv-scanner when that was another one`, "Call it by its name, as PATH finds it.")
    : pass(seen);
}
