import { outerEngine } from "../../../engine/outer.ts";
import type { HostKind } from "../../../images/hostKinds.ts";
import { ensureLabImages } from "../../../images/labImages.ts";
import { hostReady } from "../../../provider/resources/hostReady.ts";
import { label } from "../../../stacks/labels.ts";
import type { Plan } from "../../../stacks/plan.ts";
import type { ContractHost, ContractLab } from "../../contract/hostKind.ts";
import { testLab, type TestHost } from "./testLab.ts";

export interface ContractLabOptions {
  /** What the lab is called; its kind by default. */
  name?: string;
  hosts?: readonly [string, string];
  /** What to make in the place of its hosts; they themselves by default. */
  inPlaceOf?: (hosts: TestHost[], plan: Plan) => Promise<TestHost[]>;
}

/** Two hosts of a kind on the learner's engine, as the contract suite wants them. */
export async function contractLab(
  kind: HostKind,
  { name = kind, hosts: names = ["a", "b"], inPlaceOf = (hosts) => Promise.resolve(hosts) }: ContractLabOptions = {},
): Promise<ContractLab> {
  const { layersVolume } = await ensureLabImages(await outerEngine(), { kind, images: ["busybox"], source: "auto" });
  const lab = await testLab(`contract-${name}`, [...names], layersVolume, kind);
  const hosts = await inPlaceOf(
    names.map((host) => lab.host(host)),
    lab.plan,
  );
  const [a, b] = await Promise.all(hosts.map(contractHost));
  if (a === undefined || b === undefined) throw new Error("the contract wants two hosts");
  return {
    hosts: [a, b],
    overlayPool: lab.plan.swarm.overlayBase,
    refusesPasswords: ["passwordauthentication no", "kbdinteractiveauthentication no"],
    refusal: "SSH to",
    remove: () => lab.remove(),
    traces: async () => {
      const filters = { label: [`${label.stack}=${lab.plan.stack}`] };
      const [containers, networks, { Volumes: volumes }] = await Promise.all([
        lab.engine.listContainers({ all: true, filters }),
        lab.engine.listNetworks({ filters }),
        lab.engine.listVolumes({ filters }),
      ]);
      return [
        ...containers.flatMap(({ Names: names }) => names),
        ...[...networks, ...volumes].map(({ Name: name }) => name),
      ];
    },
  };
}

async function contractHost(host: TestHost): Promise<ContractHost> {
  await host.up();
  const ready = host.readyInputs(await host.id());
  return {
    name: host.member.name,
    hostname: host.member.name,
    address: host.member.address,
    ssh: host.ssh,
    ready: async () => (await hostReady.create(ready)).outputs,
  };
}
