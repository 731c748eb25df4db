import type { CheckHost } from "./check.ts";

/** A blob on a registry's disk. */
export interface Blob {
  digest: string;
  bytes: number;
}

/** A manifest on a registry's disk, and what it is made of; a list of manifests has no config and no layers. */
export interface HeldManifest {
  digest: string;
  config: string | null;
  layers: Blob[];
}

/** What a registry's disk holds. */
export interface RegistryDisk {
  /** Digests by "repository:tag". */
  tags: Map<string, string>;
  manifests: HeldManifest[];
  /** All blobs, manifests among them. */
  blobs: Blob[];
}

/**
 * One line a thing: "tag NAME DIGEST", "manifest DIGEST JSON" for each that a repository has, "blob DIGEST BYTES". Read from the
 * container's volume, as a registry says nothing of what it has no manifest for, and nothing at all while it is stopped.
 */
const list = (container: string) => `
root=$(docker inspect --format '{{ range .Mounts }}{{ if eq .Destination "/var/lib/registry" }}{{ .Source }}{{ end }}{{ end }}' ${container}) || exit 1
[ -d "$root" ] || exit 1
cd "$root/docker/registry/v2" 2> /dev/null && [ -d repositories ] || exit 0
find repositories -path '*/_manifests/tags/*/current/link' | sort | while read -r link; do
  echo "$link" | sed 's#^repositories/\\(.*\\)/_manifests/tags/\\(.*\\)/current/link$#tag \\1:\\2 #' | tr -d '\\n'
  sed '$a\\' "$link"
done
find repositories -path '*/_manifests/revisions/*/link' -exec sed '$a\\' {} \\; | sort -u | while read -r digest; do
  hash=\${digest#sha256:}
  echo "manifest $digest $(jq -c '{ config: .config.digest, layers: [.layers[]? | { digest, bytes: .size }] }' "blobs/sha256/$(echo "$hash" | cut -c 1-2)/$hash/data")"
done
find blobs/sha256 -name data -printf '%h %s\\n' | sort | sed 's#^blobs/sha256/../#blob sha256:#'
`;

/** @throws Error when the host has no registry in a container of that name, with its images on a volume. */
export async function registryDisk(host: CheckHost, container: string): Promise<RegistryDisk> {
  const { code, stdout, stderr } = await host.run(list(container));
  if (code !== 0) throw new Error(`the disk of ${container} on ${host.name} cannot be read: ${stderr.trim()}`);
  const disk: RegistryDisk = { tags: new Map(), manifests: [], blobs: [] };
  for (const line of stdout.split("\n")) {
    const [kind, one = "", other = ""] = line.split(" ");
    if (kind === "tag") disk.tags.set(one, other);
    if (kind === "manifest")
      disk.manifests.push({ digest: one, ...(JSON.parse(other) as Omit<HeldManifest, "digest">) });
    if (kind === "blob") disk.blobs.push({ digest: one, bytes: Number(other) });
  }
  return disk;
}

/** The blobs that a manifest needs, itself among them. */
export const blobsOf = ({ digest, config, layers }: HeldManifest): string[] => [
  digest,
  ...(config === null ? [] : [config]),
  ...layers.map((layer) => layer.digest),
];
