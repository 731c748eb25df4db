import * as pulumi from "@pulumi/pulumi";
import type { LabHost } from "../../components/hosts/labHost.ts";
import type { HostReadyOutputs } from "../../provider/resources/hostReady.ts";
import type { HostOutput } from "../../stacks/outputs.ts";

/** A host that is no particular kind of host. */
export function anyHost(name: string, { ipvs = true, linkMtu = 1500 } = {}): LabHost {
  const capabilities = { vxlan: true, ipvs, esp: false, macvlan: false, apparmor: false };
  const facts: HostReadyOutputs = { engineVersion: "28.0.0", cgroupVersion: 2, linkMtu, capabilities };
  return {
    name,
    address: "10.0.0.11",
    ssh: pulumi.secret({ host: "127.0.0.1", port: 1, user: "root", hostKey: "ssh-ed25519 A", privateKey: "B" }),
    facts: pulumi.output(facts),
    incarnation: pulumi.output("1"),
    alias: pulumi.output({ alias: name, port: 1, hostKey: "ssh-ed25519 A" }),
    goesWith: new pulumi.ComponentResource("test:index:Machine", name),
    output: pulumi.output<HostOutput>({
      ...facts,
      name,
      role: "worker",
      labels: {},
      address: "10.0.0.11",
      container: name,
      ssh: { host: "127.0.0.1", port: 1, user: "root", hostKey: "ssh-ed25519 A" },
    }),
  };
}
