import { hostReady } from "../../../provider/resources/hostReady.ts";
import { label } from "../../../stacks/labels.ts";
import { hostContract } from "../../contract/hostKind.ts";
import { testLab } from "./testLab.ts";

let made = 0;

hostContract("container", async () => {
  const lab = await testLab(`contract-${++made}`, ["a"]);
  const host = lab.host("a");
  await host.up();
  const ready = host.readyInputs(await host.id());
  return {
    name: "a",
    address: host.member.address,
    ssh: host.ssh,
    ready: async () => (await hostReady.create(ready)).outputs,
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
});
