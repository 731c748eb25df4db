import { Argument } from "commander";
import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";

interface ImagesOptions {
  registry?: string;
}

export const images: CommandSpec<ImagesOptions> = {
  name: "images",
  group: "Authors",
  summary: "Show the catalogue of images that labs run, or record the digests that a registry has for them",
  description:
    "`lock` asks Docker Hub, through the engine, for the digest of every upstream image and writes images/digests.json;\n" +
    "from then on those are pulled by digest. It records what answered, and exits with 3 when something did not.",
  examples: [
    ["./drydock images", "each image: what is pulled, and how it is made where nothing can be pulled"],
    ["./drydock images lock", "resolve and record the digests, where Docker Hub can be reached"],
  ],
  configure: (command) =>
    command
      .addArgument(new Argument("[action]", "what to do").choices(["lock"]))
      .option("--registry <host:port>", "with lock: a registry that has Docker Hub's images under their names"),
  async run({ args: [action], options: { registry }, reporter, print }) {
    const { catalogueText, lockText } = await import("../views/catalogueText.ts");
    const { catalogue } = await import("../../images/catalogue.ts");
    const { default: digests } = await import("../../images/digests.json", { with: { type: "json" } });
    if (action === undefined) {
      print({ catalogue, digests }, () => catalogueText(catalogue, digests));
      return exitCode.done;
    }
    const { outerEngine } = await import("../../engine/outer.ts");
    const { recordDigests, resolveDigests } = await import("../../images/digests.ts");
    const { MachineError } = await import("../../stacks/machineError.ts");
    const { reported } = await import("../../stacks/reporter.ts");
    const engine = await outerEngine();
    const resolved = await reported(reporter, "Asking for digests", ({ progress }) =>
      resolveDigests(engine, { registry, progress: (line) => progress(line) }),
    );
    await recordDigests(resolved, digests);
    print({ resolved }, () => lockText(resolved));
    const failed = resolved.filter(({ error }) => error !== undefined);
    if (failed.length === 0) return exitCode.done;
    throw new MachineError(`${failed.length} of ${resolved.length} images could not be resolved`, {
      details: failed.map(({ upstream, error }) => `${upstream}: ${error}`),
      fix: "Run it where Docker Hub can be reached, or name a registry that has these images with --registry.",
    });
  },
};
