// Loaded before all else into the processes of a Drydock that is measured. Puts the measured labs into the table of labs,
// which the command line and the Pulumi program read; where that is traced, also writes down when the process started,
// what it marked, and when it ended. Other processes are left as they are.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Trace } from "./trace.ts";

if (/setup.bootstrap\.mjs$|@pulumi.pulumi.cmd.run/.test(process.argv[1] ?? "")) {
  const { labs } = await import("../labs/index.ts");
  const { benchLab } = await import("./lab.ts");
  const { componentsLab } = await import("./components/lab.ts");
  for (const lab of [benchLab(Number(process.env.DRYDOCK_BENCH_HOSTS)), componentsLab]) labs[lab.slug] = lab;
  const folder = process.env.DRYDOCK_BENCH_TRACE;
  if (folder) {
    process.on("exit", () => {
      const origin = performance.timeOrigin;
      const marks = performance
        .getEntriesByType("mark")
        .map(({ name, startTime }) => ({ name, at: origin + startTime }));
      const trace: Trace = { program: process.argv[1] ?? "", started: origin, marks, ended: Date.now() };
      writeFileSync(join(folder, `${process.pid}.trace.json`), JSON.stringify(trace));
    });
  }
}
