import * as pulumi from "@pulumi/pulumi";
import type { AccessFilesInputs } from "../provider/resources/accessFiles.ts";
import type { AccountInputs } from "../provider/resources/account.ts";
import type { CertificateAuthorityInputs, CertificateInputs } from "../provider/resources/certificate.ts";
import type { HostContainerInputs } from "../provider/resources/hostContainer.ts";
import type { HostFilesInputs } from "../provider/resources/hostFiles.ts";
import type { HostImagesInputs } from "../provider/resources/hostImages.ts";
import type { HostReadyInputs, HostReadyOutputs } from "../provider/resources/hostReady.ts";
import type { HostServiceInputs } from "../provider/resources/hostService.ts";
import type { HostVolumeInputs } from "../provider/resources/hostVolume.ts";
import type { LabBridgeInputs } from "../provider/resources/labBridge.ts";
import type { LabImagesInputs } from "../provider/resources/labImages.ts";
import type { LearnerStackInputs } from "../provider/resources/learnerStack.ts";
import type { SshKeyInputs } from "../provider/resources/sshKey.ts";
import type { MachineInputs } from "../provider/resources/machine.ts";
import type { MachinesInputs } from "../provider/resources/machines.ts";
import type { SwarmNetworkInputs } from "../provider/resources/swarmNetwork.ts";
import type { SwarmNodeInputs } from "../provider/resources/swarmNode.ts";
import type { SwarmServiceInputs } from "../provider/resources/swarmService.ts";

/** The drydock provider's resources as the program declares them; what they do is in provider/resources. */
type Args<I> = { [K in keyof I]: pulumi.Input<I[K]> };

const outputs = (...names: string[]) => Object.fromEntries(names.map((name) => [name, undefined]));

export class SshKey extends pulumi.CustomResource {
  declare readonly privateKey: pulumi.Output<string>;
  declare readonly publicKey: pulumi.Output<string>;

  constructor(name: string, args: Args<SshKeyInputs>, opts?: pulumi.CustomResourceOptions) {
    super("drydock:index:SshKey", name, { ...args, ...outputs("privateKey", "publicKey") }, opts);
  }
}

export class LabImages extends pulumi.CustomResource {
  declare readonly hostImage: pulumi.Output<string>;
  declare readonly mirrorImage: pulumi.Output<string>;
  declare readonly mirrorEnvironment: pulumi.Output<string[]>;
  declare readonly layersVolume: pulumi.Output<string>;
  declare readonly origin: pulumi.Output<"registry" | "bootstrap">;

  constructor(name: string, args: Args<LabImagesInputs>, opts?: pulumi.CustomResourceOptions) {
    const made = outputs("hostImage", "mirrorImage", "mirrorEnvironment", "layersVolume", "origin");
    super("drydock:index:LabImages", name, { ...args, ...made }, opts);
  }
}

export class LabBridge extends pulumi.CustomResource {
  declare readonly networkId: pulumi.Output<string>;

  constructor(name: string, args: Args<LabBridgeInputs>, opts?: pulumi.CustomResourceOptions) {
    super("drydock:index:LabBridge", name, { ...args, ...outputs("networkId") }, opts);
  }
}

export class HostVolume extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: Args<HostVolumeInputs>, opts?: pulumi.CustomResourceOptions) {
    super("drydock:index:HostVolume", name, args, opts);
  }
}

export class HostContainer extends pulumi.CustomResource {
  declare readonly containerId: pulumi.Output<string>;

  constructor(name: string, args: Args<HostContainerInputs>, opts?: pulumi.CustomResourceOptions) {
    super("drydock:index:HostContainer", name, { ...args, ...outputs("containerId", "running") }, opts);
  }
}

export class HostImages extends pulumi.CustomResource {
  declare readonly origin: pulumi.Output<"registry" | "bootstrap">;

  constructor(name: string, args: Args<HostImagesInputs>, opts?: pulumi.CustomResourceOptions) {
    super("drydock:index:HostImages", name, { ...args, ...outputs("origin") }, opts);
  }
}

export class HostReady extends pulumi.CustomResource {
  declare readonly engineVersion: pulumi.Output<string>;
  declare readonly cgroupVersion: pulumi.Output<number>;
  declare readonly linkMtu: pulumi.Output<number>;
  declare readonly capabilities: pulumi.Output<HostReadyOutputs["capabilities"]>;

  constructor(name: string, args: Args<HostReadyInputs>, opts?: pulumi.CustomResourceOptions) {
    const found = outputs("engineVersion", "cgroupVersion", "linkMtu", "capabilities");
    super("drydock:index:HostReady", name, { ...args, ...found }, opts);
  }
}

export class Machines extends pulumi.CustomResource {
  declare readonly mtu: pulumi.Output<number>;

  constructor(name: string, args: Args<MachinesInputs>, opts?: pulumi.CustomResourceOptions) {
    super("drydock:index:Machines", name, { ...args, ...outputs("mtu") }, opts);
  }
}

export class Machine extends pulumi.CustomResource {
  declare readonly recordId: pulumi.Output<string>;

  constructor(name: string, args: Args<MachineInputs>, opts?: pulumi.CustomResourceOptions) {
    super("drydock:index:Machine", name, { ...args, ...outputs("recordId", "intact") }, opts);
  }
}

export class SwarmNode extends pulumi.CustomResource {
  declare readonly nodeId: pulumi.Output<string>;
  declare readonly clusterId: pulumi.Output<string>;

  constructor(name: string, args: Args<SwarmNodeInputs>, opts?: pulumi.CustomResourceOptions) {
    const found = outputs("nodeId", "clusterId", "actualRole", "actualLabels");
    super("drydock:index:SwarmNode", name, { ...args, ...found }, opts);
  }
}

export class SwarmNetwork extends pulumi.CustomResource {
  declare readonly actualSubnet: pulumi.Output<string>;

  constructor(name: string, args: Args<SwarmNetworkInputs>, opts?: pulumi.CustomResourceOptions) {
    super("drydock:index:SwarmNetwork", name, { ...args, ...outputs("networkId", "actualSubnet") }, opts);
  }
}

export class SwarmService extends pulumi.CustomResource {
  constructor(name: string, args: Args<SwarmServiceInputs>, opts?: pulumi.CustomResourceOptions) {
    super("drydock:index:SwarmService", name, { ...args, ...outputs("serviceId", "running") }, opts);
  }
}

export class AccessFiles extends pulumi.CustomResource {
  constructor(name: string, args: Args<AccessFilesInputs>, opts?: pulumi.CustomResourceOptions) {
    super("drydock:index:AccessFiles", name, { ...args, ...outputs("digest") }, opts);
  }
}

export class CertificateAuthority extends pulumi.CustomResource {
  declare readonly privateKey: pulumi.Output<string>;
  declare readonly certificate: pulumi.Output<string>;

  constructor(name: string, args: Args<CertificateAuthorityInputs>, opts?: pulumi.CustomResourceOptions) {
    const made = outputs("privateKey", "certificate", "notAfter");
    super("drydock:index:CertificateAuthority", name, { ...args, ...made }, opts);
  }
}

export class Certificate extends pulumi.CustomResource {
  declare readonly privateKey: pulumi.Output<string>;
  declare readonly certificate: pulumi.Output<string>;

  constructor(name: string, args: Args<CertificateInputs>, opts?: pulumi.CustomResourceOptions) {
    const made = outputs("privateKey", "certificate", "notAfter");
    super("drydock:index:Certificate", name, { ...args, ...made }, opts);
  }
}

export class Account extends pulumi.CustomResource {
  declare readonly password: pulumi.Output<string>;
  declare readonly htpasswd: pulumi.Output<string>;

  constructor(name: string, args: Args<AccountInputs>, opts?: pulumi.CustomResourceOptions) {
    super("drydock:index:Account", name, { ...args, ...outputs("password", "htpasswd") }, opts);
  }
}

export class HostFiles extends pulumi.CustomResource {
  constructor(name: string, args: Args<HostFilesInputs>, opts?: pulumi.CustomResourceOptions) {
    super("drydock:index:HostFiles", name, { ...args, ...outputs("digest") }, opts);
  }
}

export class HostService extends pulumi.CustomResource {
  constructor(name: string, args: Args<HostServiceInputs>, opts?: pulumi.CustomResourceOptions) {
    super("drydock:index:HostService", name, { ...args, ...outputs("containerId", "running") }, opts);
  }
}

export class LearnerStack extends pulumi.CustomResource {
  constructor(name: string, args: Args<LearnerStackInputs>, opts?: pulumi.CustomResourceOptions) {
    super("drydock:index:LearnerStack", name, { ...args, ...outputs("whole") }, opts);
  }
}
