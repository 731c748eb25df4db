import { hostname } from "node:os";
import { daemonConfig } from "../../../components/hosts/daemonConfig.ts";
import { packages } from "../../../components/hosts/ssh/packages.ts";
import { outerEngine } from "../../../engine/outer.ts";
import { connectSsh } from "../../../engine/ssh.ts";
import { giveImages } from "../../../images/giveImages.ts";
import { hostReady } from "../../../provider/resources/hostReady.ts";
import { machine, type MachineInputs } from "../../../provider/resources/machine.ts";
import { machines as machinesResource } from "../../../provider/resources/machines.ts";
import { sshKey } from "../../../provider/resources/sshKey.ts";
import { label } from "../../../stacks/labels.ts";
import { planStack } from "../../../stacks/plan.ts";
import { nameOfLogin } from "../../../stacks/ssh/plan.ts";
import type { ContractHost, ContractLab } from "../../contract/hostKind.ts";
import { configOf } from "../../stacks/arbitraries.ts";
import { differences, type ExistingMachine, type ExistingMachines } from "../support/existingMachines.ts";
import { freePlace } from "../support/freePlace.ts";

/** Two hosts that are machines which exist, made by the provider's handlers without Pulumi. */
export async function machinesLab({ bare, used, identity }: ExistingMachines): Promise<ContractLab> {
  const engine = await outerEngine();
  const stack = `lab-machines-${process.pid}`;
  const plan = planStack({
    project: "drydock-test",
    stack,
    config: configOf({
      ...(await freePlace(engine, stack)),
      target: "ssh",
      identity,
      installEngine: true,
      machines: [bare, used].map(({ login, address }) => ({
        ssh: nameOfLogin(login),
        hostKey: login.hostKey,
        address,
      })),
    }),
    lab: { slug: "none", hosts: ["a", "b"].map((name) => ({ name, role: "host" })), images: [] },
    home: `${hostname()}:tests`,
  });
  if (plan.ssh === undefined) throw new Error("the plan has no machines");
  const { outputs: access } = await sshKey.create({ comment: stack });
  const found = await Promise.all([bare.snapshot(), used.snapshot()]);
  await machinesResource.create({ ...plan.ssh, labels: plan.labels });

  const inputsOf = (name: string, existing: ExistingMachine): MachineInputs => ({
    login: existing.login,
    identity,
    address: existing.address,
    packages,
    installEngine: true,
    labels: { ...plan.labels, [label.host]: name },
    daemonJson: daemonConfig(plan),
    authorizedKeys: [access.publicKey],
    names: { a: bare.address, b: used.address },
    overlayPool: plan.swarm.overlayBase,
  });
  const host = async (inputs: MachineInputs, name: string, ownName: string): Promise<ContractHost> => {
    const { outputs } = await machine.create(inputs);
    const { host: address, port, hostKey } = inputs.login;
    const ssh = { host: address, port, user: "root", hostKey, privateKey: access.privateKey };
    const session = await connectSsh(ssh, { deadlineMs: 60_000 });
    await giveImages(session.engine(), { images: ["busybox"], from: engine }).finally(() => session.close());
    const ready = { host: name, ssh, deadlineSec: 600, containerId: outputs.recordId };
    return {
      name,
      hostname: ownName,
      address: inputs.address,
      ssh,
      ready: async () => (await hostReady.create(ready)).outputs,
    };
  };
  const inputs = [inputsOf("a", bare), inputsOf("b", used)] as const;
  const [a, b] = await Promise.all([host(inputs[0], "a", "bare"), host(inputs[1], "b", "used")]);
  return {
    hosts: [a, b],
    overlayPool: plan.swarm.overlayBase,
    refusesPasswords: ["permitrootlogin without-password"],
    refusal: "authentication methods failed",
    remove: async () => {
      const state = { recordId: "", intact: true };
      await Promise.all(inputs.map(async (one) => machine.delete?.(nameOfLogin(one.login), { ...one, ...state })));
    },
    traces: async () => {
      const now = await Promise.all([bare.snapshot(), used.snapshot()]);
      return now.flatMap((facts, index) => differences(found[index] ?? [], facts));
    },
  };
}
