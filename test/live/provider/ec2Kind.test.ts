import { describe } from "vitest";
import { parse } from "yaml";
import { cidr, enclosing, formatCidr } from "../../../stacks/cidr.ts";
import type { Plan } from "../../../stacks/plan.ts";
import { EmulatedStack, noEmulatedStack } from "../../cloud/support/emulatedStack.ts";
import { useEmulator } from "../../cloud/support/emulator.ts";
import { hostContract } from "../../contract/hostKind.ts";
import { contractLab } from "./contractLab.ts";
import type { TestHost } from "./testLab.ts";

const reason = await noEmulatedStack();

/** A lab's hosts, of which the emulator makes instances, and a virtual machine each is booted. */
const hosts = ["manager-1", "worker-1"] as const;
const lab = "overlay-vxlan";

/**
 * The emulator makes instances and no machines. So virtual machines of those names and addresses are booted with what
 * EC2 would hand the instances for their first boot, to the byte, and the contract is asked of them.
 */
describe.skipIf(reason !== undefined)(`user data of EC2${reason ? ` (skipped: ${reason})` : ""}`, () => {
  useEmulator();
  hostContract("ec2", () => contractLab("vm", { name: "ec2", hosts, inPlaceOf: bootedLikeInstances }));
});

async function bootedLikeInstances(machines: TestHost[], { network }: Plan): Promise<TestHost[]> {
  const addresses = formatCidr(enclosing(cidr(network.subnet), 19));
  const stack = await EmulatedStack.open("t-contract", { lab, addresses });
  try {
    await stack.up();
    const privateKey = await stack.privateKey();
    const instances = await stack.instances();
    return await Promise.all(
      machines.map(async (machine) => {
        const { address } = machine.member;
        const instance = instances.find(({ PrivateIpAddress }) => PrivateIpAddress === address);
        if (instance === undefined) throw new Error(`no instance has the address ${address}`);
        const userData = await stack.userData(instance);
        const { ssh_keys: keys } = parse(userData) as { ssh_keys: { ed25519_public: string } };
        return machine.seeded(userData, { hostKey: keys.ed25519_public, privateKey });
      }),
    );
  } finally {
    await stack.close();
  }
}
