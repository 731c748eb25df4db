import type { CheckHost } from "../check.ts";

/** A blob on a registry's disk. */
export interface Blob {
  digest: string;
  bytes: number;
}

/**
 * One line a thing: "manifest DIGEST JSON" for each that a repository has, "blob BYTES DIGEST" for each on disk. Read from the
 * volume of the container hub, as the registry itself says nothing of what it has no manifest for.
 */
const list = `
root=$(docker inspect --format '{{ range .Mounts }}{{ if eq .Destination "/var/lib/registry" }}{{ .Source }}{{ end }}{{ end }}' hub) || exit 1
cd "$root/docker/registry/v2" || exit 1
for link in repositories/*/_manifests/revisions/sha256/*/link; do
  if [ -e "$link" ]; then sed 's/^sha256:\\(.*\\)$/\\1\\n/' "$link" | head -n 1; fi
done | sort -u | while read -r hash; do
  short=$(echo "$hash" | cut -c 1-2)
  echo "manifest sha256:$hash $(jq -c '[.config, .layers[]] | map(.digest)' "blobs/sha256/$short/$hash/data")"
done
find blobs/sha256 -name data -printf 'blob %s %h\\n' | sed 's# blobs/sha256/../# sha256:#'
`;

/** What a registry's disk holds: what its manifests need, themselves among it, and what none does. @throws Error when there is no hub. */
export async function blobsOf(depot: CheckHost): Promise<{ needed: Blob[]; garbage: Blob[] }> {
  const { code, stdout, stderr } = await depot.run(list);
  if (code !== 0) throw new Error(`the registry's disk cannot be read: ${stderr.trim()}`);
  const named = new Set<string>();
  const blobs: Blob[] = [];
  for (const line of stdout.split("\n")) {
    const [kind, one = "", other = ""] = line.split(" ");
    if (kind === "manifest") [one, ...(JSON.parse(other) as string[])].forEach((digest) => named.add(digest));
    if (kind === "blob") blobs.push({ digest: other, bytes: Number(one) });
  }
  return {
    needed: blobs.filter(({ digest }) => named.has(digest)),
    garbage: blobs.filter(({ digest }) => !named.has(digest)),
  };
}
