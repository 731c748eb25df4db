import { join } from "node:path";
import type Docker from "dockerode";
import { outerEngineUrl } from "../engine/outerUrl.ts";
import { ensureLabImages } from "../images/labImages.ts";
import type { Reporter } from "../stacks/reporter.ts";
import { alone } from "./alone.ts";
import { findCompose } from "./findCompose.ts";
import { benchLab } from "./lab.ts";
import { benchFolder } from "./leftovers.ts";
import { machineOf } from "./machine.ts";
import { measureMemory } from "./memory.ts";
import { aims, sizeResult, type BenchResult, type Skipped } from "./result.ts";
import { measureFixed, measureRound, type Measurements, type Setting } from "./rounds.ts";
import { summarise } from "./statistics.ts";
import { topologies, type Way } from "./topologies.ts";
import type { Topology } from "./topology.ts";
import { traceUp } from "./traceUp.ts";
import { variants, type VariantName } from "./variant.ts";

export interface BenchOptions {
  /** Numbers of hosts. */
  sizes: readonly number[];
  rounds: number;
  reporter: Reporter;
  /** Ends the measurement early; what it made is removed all the same. */
  signal: AbortSignal;
}

/** Measures all ways on this machine, and leaves nothing. */
export const runBench = (options: BenchOptions): Promise<BenchResult> =>
  alone(options.reporter, (engine) => measureAll(engine, options));

async function measureAll(engine: Docker, { sizes, rounds, reporter, signal }: BenchOptions): Promise<BenchResult> {
  const engineUrl = outerEngineUrl();
  const images = await ensureLabImages(engine, { images: benchLab(1).images, source: "auto" });
  const found = await findCompose(engine, images.hostImage, benchFolder());
  const skipped: Skipped[] = "missing" in found ? [{ way: "compose", reason: found.missing }] : [];
  const compose = "command" in found ? found.command : undefined;
  const machine = await machineOf(engine, compose);
  const folderOf = (stack: string) => join(benchFolder(), stack);
  const setting: Setting = { engine, engineUrl, compose: compose ?? [], signal, reporter, folderOf };

  const names = (Object.keys(variants) as VariantName[]).filter((name) => compose ?? name !== "compose");
  const planned = await topologies(engine, { ways: names, sizes, images, engineUrl });
  const measured = planned.map((size) => {
    const measurements: Measurements = { samples: {}, differences: {} };
    return { ...size, measurements };
  });
  const fixed: number[] = [];
  for (let round = 0; round < rounds; round++) {
    fixed.push(await measureFixed(setting, round));
    for (const { ways, measurements } of measured) await measureRound(setting, ways, round, measurements);
  }

  const results = [];
  for (const { hosts, ways, measurements } of measured) {
    const breakdown = await traceUp(topologyFor("ours", ways), folderOf("trace"), { signal, reporter });
    results.push(sizeResult({ hosts, ...measurements, breakdown }, fixed));
  }
  const memory = await measureMemory(engine, topologyFor("bound", planned[0]?.ways), reporter);
  const fixedCost = summarise(fixed);
  return {
    date: new Date().toISOString(),
    machine,
    rounds,
    fixed: fixedCost,
    sizes: results,
    memory,
    skipped,
    aims: aims(fixedCost, results),
  };
}

function topologyFor(name: VariantName, ways: readonly Way[] = []): Topology {
  const way = ways.find((one) => one.name === name);
  if (!way) throw new Error(`nothing is planned for ${variants[name]}`);
  return way.topology;
}
