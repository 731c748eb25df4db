import { readdirSync, readFileSync } from "node:fs";
import { zipSync } from "fflate";
import { authorityPath } from "../../components/registry/registryParts.ts";
import { serviceImage } from "../../images/catalogue.ts";
import type { HostFile } from "../../provider/resources/hostFiles.ts";

const files = new URL("files/", import.meta.url);

/** Where hosts have the advisories, and what OSV-Scanner calls the folder. */
const database = { folder: "/root/advisories", variable: "OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY" };

/** The commands syft, osv-scanner and cosign, and what OSV-Scanner knows, for a host. */
export function toolFiles(registry: string): Record<string, HostFile> {
  const tools = ["cosign", "osv-scanner", "syft"];
  return {
    ...Object.fromEntries(tools.map((tool) => [`/usr/local/bin/${tool}`, command(tool, registry)])),
    [`${database.folder}/osv-scalibr/npm/all.zip`]: {
      content: Buffer.from(advisories()).toString("base64"),
      encoding: "base64",
      mode: 0o644,
    },
  };
}

/** A tool's image as a command. */
const command = (tool: string, registry: string): HostFile => ({
  content: `#!/bin/sh
# ${tool} in a container that sees this folder, the accounts of docker login, the lab's CA, and the advisories.
exec docker run --rm --interactive --network host --user 0:0 \\
  --volume "$PWD:$PWD" --workdir "$PWD" \\
  --volume "\${DOCKER_CONFIG:-$HOME/.docker}:/docker:ro" --env DOCKER_CONFIG=/docker --env SYFT_CHECK_FOR_APP_UPDATE=false \\
  --mount type=bind,source=${authorityPath(registry)},target=/etc/ssl/certs/lab-ca.crt,readonly \\
  --volume ${database.folder}:${database.folder}:ro --env ${database.variable}=${database.folder} \\
  ${serviceImage(tool).names[0]} "$@"
`,
  mode: 0o755,
});

/** The advisories of the lab as osv.dev would hand them out for npm: https://google.github.io/osv-scanner/usage/offline-mode */
function advisories(): Uint8Array {
  const names = readdirSync(files).filter((name) => name.startsWith("DRYDOCK-"));
  const entries = names.map((name) => [name, readFileSync(new URL(name, files))] as const);
  // A time that is always the same, so that nothing has changed at the next up.
  return zipSync(Object.fromEntries(entries), { mtime: "2026-11-01T00:00:00" });
}
