import type Docker from "dockerode";
import { LiveHosts } from "../../cli/liveHosts.ts";
import { openToLook } from "../../cli/openToLook.ts";
import { outerEngineUrl } from "../../engine/outerUrl.ts";
import type { SshSession } from "../../engine/ssh.ts";
import { ensureLabImages } from "../../images/labImages.ts";
import { labs } from "../../labs/index.ts";
import { reported, type Reporter } from "../../stacks/reporter.ts";
import { alone } from "../alone.ts";
import { machineOf, type Machine } from "../machine.ts";
import { stackName } from "../stackName.ts";
import { ratio, summarise, type Summary } from "../statistics.ts";
import { freePlace, topologyAt } from "../topologies.ts";
import type { Topology } from "../topology.ts";
import { bound, startHosts } from "../variants/bound.ts";
import { ours } from "../variants/ours.ts";
import { componentsLab } from "./lab.ts";
import { measureRates, type Rates } from "./rates.ts";
import { contentOf, makeAgain, type HostContent } from "./sameContainers.ts";
import { timed } from "../timed.ts";

export interface ComponentsOptions {
  rounds: number;
  reporter: Reporter;
  /** Ends the measurement early; what it made is removed all the same. */
  signal: AbortSignal;
}

/** What a registry and a logging stack on two hosts take and carry. */
export interface ComponentsResult {
  /** ISO date-time. */
  date: string;
  machine: Machine;
  rounds: number;
  /** From nothing until every component works, in milliseconds: the raw API with the same containers, and `drydock up`. */
  healthy: Record<"bound" | "ours", Summary> & { ratio: Summary };
  /** MiB a second; of logs lines a second. */
  rates: Record<keyof Rates, Summary>;
  /** Of an image's push and pull, to a copy of the same bytes. */
  ratios: Record<"push" | "pull", Summary>;
}

/** Measures the components on this machine, and leaves nothing. */
export const benchComponents = (options: ComponentsOptions): Promise<ComponentsResult> =>
  alone(options.reporter, (engine) => measure(engine, options));

async function measure(engine: Docker, { rounds, reporter, signal }: ComponentsOptions): Promise<ComponentsResult> {
  labs[componentsLab.slug] = componentsLab;
  const engineUrl = outerEngineUrl();
  const images = await ensureLabImages(engine, { images: componentsLab.images, source: "auto" });
  const place = await freePlace(engine);
  const at = (way: "bound" | "ours") =>
    topologyAt(place, { lab: componentsLab, stack: stackName(way, "components"), images, engineUrl });
  const [boundAt, oursAt] = await Promise.all([at("bound"), at("ours")]);
  const machine = await machineOf(engine, undefined);
  const times = { bound: [] as number[], ours: [] as number[] };
  const rates: Rates[] = [];
  for (let round = 0; round < rounds; round++) {
    signal.throwIfAborted();
    const name = `round ${round + 1}`;
    const content = await reported(reporter, `Drydock, ${name}`, async ({ progress }) => {
      const way = ours({ topology: oursAt, signal });
      progress("up");
      times.ours.push(await timed(way.up));
      progress("push, pull and logs");
      const found = await lookAt(oursAt.plan.stack);
      rates.push(found.rates);
      await way.down();
      return found.content;
    });
    signal.throwIfAborted();
    await reported(reporter, `raw engine API, ${name}`, async () => {
      times.bound.push(await timed(() => makeBound(engine, boundAt, content)));
      await bound({ engine, topology: boundAt }).down();
    });
  }
  const of = (what: keyof Rates) => rates.map((sample) => sample[what]);
  return {
    date: new Date().toISOString(),
    machine,
    rounds,
    healthy: {
      bound: summarise(times.bound),
      ours: summarise(times.ours),
      ratio: ratio(times.ours, times.bound),
    },
    rates: {
      push: summarise(of("push")),
      copyThere: summarise(of("copyThere")),
      pull: summarise(of("pull")),
      copyBack: summarise(of("copyBack")),
      logs: summarise(of("logs")),
    },
    ratios: { push: ratio(of("push"), of("copyThere")), pull: ratio(of("pull"), of("copyBack")) },
  };
}

/** What runs on the hosts of a stack that is up, and what that carries. */
async function lookAt(stack: string): Promise<{ content: HostContent[]; rates: Rates }> {
  const live = await LiveHosts.of(await openToLook(stack));
  const { hosts, components } = live.outputs;
  const sessions = await Promise.all(hosts.map(({ name }) => live.connect(name)));
  const [depot, client] = sessions;
  const loki = components.find(({ name }) => name === "loki")?.address;
  if (!depot || !client || loki === undefined) throw new Error(`stack ${stack} lacks a host, or its Loki`);
  try {
    const content = await Promise.all(
      hosts.map(({ name }, index) => {
        const probes = components.filter(({ host, name: component }) => host === name && component !== "grafana");
        return contentOf(
          sessions[index] ?? depot,
          probes.map(({ probe }) => probe),
        );
      }),
    );
    return { content, rates: await measureRates({ depot, client, loki }) };
  } finally {
    for (const session of sessions) session.close();
  }
}

async function makeBound(engine: Docker, topology: Topology, content: readonly HostContent[]): Promise<void> {
  const hosts = await startHosts(engine, topology);
  const open: SshSession[] = [];
  try {
    await Promise.all(
      content.map(async (own, index) => {
        const session = await hosts[index];
        if (!session) throw new Error("a host has no session");
        open.push(session);
        await makeAgain(session, own);
      }),
    );
  } finally {
    for (const session of open) session.close();
  }
}
