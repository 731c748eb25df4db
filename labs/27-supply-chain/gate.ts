import type { CheckHost, CommandResult } from "../check.ts";

/** The packages that the advisories in files/ know, by what the worst flaw of that version is. */
export const packages = {
  "a flaw of 2.2": "drydock-ledger 0.9.1",
  "a flaw that is mended": "drydock-courier 2.3.1",
  "a flaw of 7.5": "drydock-courier 2.3.0",
  "a flaw of 9.8": "drydock-parcel 1.4.1",
};

/** A CycloneDX SBOM of one npm package, given as "name version". */
export function sbomOf(known: string): string {
  const [name, version] = known.split(" ");
  const components = [{ type: "library", name, version, purl: `pkg:npm/${name}@${version}` }];
  return JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6", version: 1, components });
}

const inNewFolder = (commands: string) => `work=$(mktemp -d) || exit
trap 'rm -rf "$work"' EXIT
cd "$work" || exit
${commands}`;

/** What a host's scan-gate answers to an SBOM. */
export const gateOn = (host: CheckHost, sbom: string): Promise<CommandResult> =>
  host.run(inNewFolder(`echo '${sbom}' > sbom.cdx.json; scan-gate sbom.cdx.json`));

/** The scanner was not asked: by whatever a gate calls it, it is not by its name. */
export const unasked = 99;

/**
 * What a command answers when osv-scanner cannot look: it then prints no findings, and ends with 127.
 * The code is `unasked` when it did not come to that.
 */
export const whenBlind = (host: CheckHost, command: string): Promise<CommandResult> =>
  host.run(
    inNewFolder(`mkdir bin
cat > bin/osv-scanner <<END
#!/bin/sh
touch "$work/asked"
echo '{ "results": [] }'
exit 127
END
chmod 755 bin/osv-scanner
echo '${sbomOf(packages["a flaw of 2.2"])}' > sbom.cdx.json
PATH="$work/bin:$PATH" ${command}
code=$?
[ -e asked ] || exit ${unasked}
exit $code`),
  );
