import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Variant, VariantContext } from "../variant.ts";
import { pulumiProgram } from "./pulumiProgram.ts";

/** Pulumi with @pulumi/docker and @pulumi/command alone: bench/programs/plain. */
export async function plain({ topology, engineUrl, folder, signal }: VariantContext): Promise<Variant> {
  const file = join(folder, "topology.json");
  await writeFile(file, JSON.stringify({ topology, engineUrl }), { mode: 0o600 });
  const program = pulumiProgram("plain", {
    stack: topology.plan.stack,
    folder,
    env: { DRYDOCK_BENCH_TOPOLOGY: file, DOCKER_HOST: engineUrl },
    signal,
  });
  return {
    async up() {
      await program.init();
      await program.run("up");
    },
    again: () => program.run("up"),
    async down() {
      await program.run("destroy");
      await program.remove();
    },
  };
}
