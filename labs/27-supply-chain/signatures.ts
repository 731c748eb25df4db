import type { CheckContext, CommandResult } from "../check.ts";

/** What an SBOM says: of which digest it is the list, and of what packages. */
export interface Sbom {
  digest: string;
  purls: string[];
}

/** Reads an SBOM from standard input. */
const read = `jq -c '{ digest: .metadata.component.version, purls: [.components[]?.purl // empty] }'`;

/** A CycloneDX SBOM in a file on build; undefined where there is none that can be read. */
export async function sbomIn(context: CheckContext, path: string): Promise<Sbom | undefined> {
  const { code, stdout } = await context.host("build").run(`${read} ${path}`);
  return code === 0 ? (JSON.parse(stdout) as Sbom) : undefined;
}

const cosign = (command: string, image: string) =>
  `cd /root/release && cosign ${command} --key cosign.pub --insecure-ignore-tlog=true ${image}`;

/** Asks cosign whether an image is signed by the learner's key. */
export const verify = (context: CheckContext, image: string): Promise<CommandResult> =>
  context.host("build").run(cosign("verify", image));

/** The SBOM that was attested last for an image by the learner's key, or why there is none. */
export async function attestedSbom(context: CheckContext, image: string): Promise<Sbom | CommandResult> {
  const envelope = cosign("verify-attestation --type cyclonedx", image);
  const result = await context
    .host("build")
    .run(`set -o pipefail; ${envelope} | tail -n 1 | jq '.payload | @base64d | fromjson | .predicate' | ${read}`);
  return result.code === 0 ? (JSON.parse(result.stdout) as Sbom) : result;
}
