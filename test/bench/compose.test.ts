import { expect, test } from "vitest";
import { parseConfig } from "../../stacks/config.ts";
import { planStack } from "../../stacks/plan.ts";
import { benchLab } from "../../bench/lab.ts";
import { topologyOf } from "../../bench/topology.ts";
import { composeFile } from "../../bench/variants/compose.ts";
import { swarmSettings } from "../../bench/variants/swarmScript.ts";

const lab = benchLab(3);
const config = parseConfig({ "drydock:lab": lab.slug }, { stack: "bench-compose-3", labs: [lab.slug] });
const plan = planStack({ project: "drydock", stack: "bench-compose-3", config, lab, home: "box:/home" });
const images = {
  hostImage: "drydock/host:1",
  mirrorImage: "drydock/mirror:1",
  mirrorEnvironment: [],
  layersVolume: "layers-1",
  origin: "bootstrap" as const,
  made: false,
};

interface Service {
  image: string;
  labels: Record<string, string>;
  networks: { lab: { ipv4_address: string } };
}

interface ComposeFile {
  services: Record<string, Service>;
  configs: Record<string, { content: string }>;
}

test("a compose file has every host of the plan, under its labels and at its address, and the registry", async () => {
  const { services } = composeFile(await topologyOf(plan, images, "unix:///x")) as ComposeFile;

  expect(Object.keys(services)).toEqual(["registry", "manager-1", "worker-1", "worker-2"]);
  for (const host of plan.hosts) {
    expect(services[host.name]).toMatchObject({
      image: "drydock/host:1",
      labels: { ...plan.labels, "drydock.host": host.name },
      networks: { lab: { ipv4_address: host.address } },
    });
  }
});

test("a dollar sign in a file is no variable", async () => {
  const topology = await topologyOf(plan, images, "unix:///x");
  topology.manager.files["/etc/x"] = "cost: $5";

  expect((composeFile(topology) as ComposeFile).configs["manager-1-3"]).toEqual({ content: "cost: $$5" });
});

test("the Swarm's script is told all hosts", async () => {
  expect(swarmSettings(await topologyOf(plan, images, "unix:///x"))).toMatchObject({
    MANAGER: "drydock-bench-compose-3-manager-1",
    WORKERS: "drydock-bench-compose-3-worker-1 drydock-bench-compose-3-worker-2",
    NODES: "3",
  });
});
