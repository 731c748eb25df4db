import * as pulumi from "@pulumi/pulumi";
import type { LabHost } from "../../../components/hosts/labHost.ts";
import { outerEngine } from "../../../engine/outer.ts";
import { ensureLabImages } from "../../../images/labImages.ts";
import type { HostReadyOutputs } from "../../../provider/resources/hostReady.ts";
import type { HostOutput } from "../../../stacks/outputs.ts";
import { testLab, type TestHost, type TestLab } from "../provider/testLab.ts";

/** A host of a test lab that is up. */
export interface LiveHost {
  test: TestHost;
  /** The same as components take it; to be asked for in a program. */
  labHost: () => LabHost;
}

/** A lab whose hosts are up, with the images and with memory enough for what components run. */
export async function liveHosts<const N extends readonly string[]>(
  lab: string,
  names: N,
  images: string[],
): Promise<{ lab: TestLab; hosts: { [K in keyof N]: LiveHost } }> {
  const { layersVolume } = await ensureLabImages(await outerEngine(), { images, source: "auto" });
  const made = await testLab(lab, [...names], layersVolume);
  const hosts = await Promise.all(names.map((name) => up(made.host(name))));
  return { lab: made, hosts: hosts as { [K in keyof N]: LiveHost } };
}

async function up(test: TestHost): Promise<LiveHost> {
  Object.assign(test.inputs, { memoryMib: 1024, cpus: 2 });
  const facts = await test.up();
  const containerId = await test.id();
  return { test, labHost: () => labHostOf(test, facts, containerId) };
}

function labHostOf({ member, ssh, inputs }: TestHost, facts: HostReadyOutputs, containerId: string): LabHost {
  return {
    name: member.name,
    address: member.address,
    ssh: pulumi.secret(ssh),
    facts: pulumi.output(facts),
    incarnation: pulumi.output(containerId),
    alias: pulumi.output({ alias: inputs.name, port: ssh.port, hostKey: ssh.hostKey }),
    goesWith: new pulumi.ComponentResource("test:index:Machine", inputs.name),
    output: pulumi.output<HostOutput>({
      ...facts,
      name: member.name,
      role: "host",
      labels: {},
      address: member.address,
      container: inputs.name,
      ssh: { host: ssh.host, port: ssh.port, user: ssh.user, hostKey: ssh.hostKey },
    }),
  };
}
