import * as pulumi from "@pulumi/pulumi";
import { label } from "../../../stacks/labels.ts";
import type { HostPlan } from "../../../stacks/plan.ts";
import { Machine, Machines } from "../../resources.ts";
import { daemonConfig } from "../daemonConfig.ts";
import type { Ground, GroundArgs } from "../ground.ts";
import { hubOf, MachineHost } from "../machineHost.ts";
import { packages } from "./packages.ts";

/** Seconds that an engine has to answer once it has been started. */
const readyDeadlineSec = 120;

/** Makes a stack's hosts of machines that exist, each of which is put back as it was found when the host goes. */
export function machines({ plan, access, parent }: GroundArgs): Ground {
  const { ssh, labels } = plan;
  if (ssh === undefined) throw new Error(`stack ${plan.stack} has no plan for machines`);
  const { identity, installEngine } = ssh;
  const checked = new Machines("machines", { ...ssh, labels }, { parent });
  const learner = plan.sshKey === undefined ? [] : [plan.sshKey];
  const all = {
    ...{ identity, installEngine, packages },
    daemonJson: daemonConfig(plan),
    authorizedKeys: pulumi.all([access.publicKey, ...learner]),
    names: Object.fromEntries(plan.hosts.map(({ name, address }) => [name, address])),
    overlayPool: plan.swarm.overlayBase,
  };
  const hostOf = (host: HostPlan, index: number): MachineHost => {
    const machine = ssh.machines[index];
    if (machine === undefined) throw new Error(`host ${host.name} has no machine`);
    const { host: reached, hostKey } = machine.login;
    const own = { ...machine, ...all, labels: { ...labels, [label.host]: host.name } };
    const { recordId: incarnation } = new Machine(host.name, own, { parent, dependsOn: [checked] });
    const args = {
      plan,
      host,
      access,
      incarnation,
      goesWith: checked,
      readyDeadlineSec,
      imageSource: plan.imageSource,
    };
    // Of the links between the machines, which the default route need not lead over.
    return new MachineHost(host.name, { ...args, sshd: { host: reached, hostKey }, linkMtu: checked.mtu }, { parent });
  };
  const hosts = plan.hosts.map(hostOf);
  return {
    hosts,
    network: checked.mtu.apply((mtu) => ({
      name: plan.network.name,
      driver: "machines" as const,
      subnet: plan.network.subnet,
      mtu,
      encrypted: false,
      attachable: false,
    })),
    registry: hubOf(hosts),
  };
}
