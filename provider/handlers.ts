import type { AnyHandler } from "./handler.ts";
import { accessFiles } from "./resources/accessFiles.ts";
import { account } from "./resources/account.ts";
import { certificate, certificateAuthority } from "./resources/certificate.ts";
import { hostContainer } from "./resources/hostContainer.ts";
import { hostFiles } from "./resources/hostFiles.ts";
import { hostImages } from "./resources/hostImages.ts";
import { hostReady } from "./resources/hostReady.ts";
import { hostService } from "./resources/hostService.ts";
import { hostVolume } from "./resources/hostVolume.ts";
import { labBridge } from "./resources/labBridge.ts";
import { labImages } from "./resources/labImages.ts";
import { learnerStack } from "./resources/learnerStack.ts";
import { machine } from "./resources/machine.ts";
import { machines } from "./resources/machines.ts";
import { sshKey } from "./resources/sshKey.ts";
import { swarmNetwork } from "./resources/swarmNetwork.ts";
import { swarmNode } from "./resources/swarmNode.ts";
import { swarmService } from "./resources/swarmService.ts";

/** Every resource of the provider by its type. */
export const handlers: Record<string, AnyHandler> = {
  "drydock:index:AccessFiles": accessFiles,
  "drydock:index:Account": account,
  "drydock:index:Certificate": certificate,
  "drydock:index:CertificateAuthority": certificateAuthority,
  "drydock:index:HostContainer": hostContainer,
  "drydock:index:HostFiles": hostFiles,
  "drydock:index:HostImages": hostImages,
  "drydock:index:HostReady": hostReady,
  "drydock:index:HostService": hostService,
  "drydock:index:HostVolume": hostVolume,
  "drydock:index:LabBridge": labBridge,
  "drydock:index:LabImages": labImages,
  "drydock:index:LearnerStack": learnerStack,
  "drydock:index:Machine": machine,
  "drydock:index:Machines": machines,
  "drydock:index:SshKey": sshKey,
  "drydock:index:SwarmNetwork": swarmNetwork,
  "drydock:index:SwarmNode": swarmNode,
  "drydock:index:SwarmService": swarmService,
};
