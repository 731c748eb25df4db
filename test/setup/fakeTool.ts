import type { Tool } from "../../setup/tools.ts";
import { tools } from "../../setup/tools.ts";

/** Nothing listens there. */
const nowhere = "http://127.0.0.1:9";

/** The plugin "docker" as if it were published at another address, by default one that nobody answers at. */
export function dockerPlugin(published = nowhere): Tool {
  const [, docker] = tools();
  const archive = `${published}/${docker.programs[0].binary}.tar.gz`;
  return { ...docker, release: { archive, checksums: `${published}/checksums.txt`, folder: "." } };
}

/** The Pulumi CLI, published nowhere. */
export function pulumiCli(): Tool {
  const [pulumi] = tools();
  return {
    ...pulumi,
    release: { ...pulumi.release, archive: `${nowhere}/cli.tar.gz`, checksums: `${nowhere}/sums.txt` },
  };
}
