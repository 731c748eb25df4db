import { main } from "@pulumi/pulumi/provider/index.js";
import { providerOf } from "./handler.ts";
import { accessFiles } from "./resources/accessFiles.ts";
import { hostContainer } from "./resources/hostContainer.ts";
import { hostReady } from "./resources/hostReady.ts";
import { hostVolume } from "./resources/hostVolume.ts";
import { labBridge } from "./resources/labBridge.ts";
import { labImages } from "./resources/labImages.ts";
import { sshKey } from "./resources/sshKey.ts";
import { swarmNetwork } from "./resources/swarmNetwork.ts";
import { swarmNode } from "./resources/swarmNode.ts";

const provider = providerOf(
  {
    "drydock:index:AccessFiles": accessFiles,
    "drydock:index:HostContainer": hostContainer,
    "drydock:index:HostReady": hostReady,
    "drydock:index:HostVolume": hostVolume,
    "drydock:index:LabBridge": labBridge,
    "drydock:index:LabImages": labImages,
    "drydock:index:SshKey": sshKey,
    "drydock:index:SwarmNetwork": swarmNetwork,
    "drydock:index:SwarmNode": swarmNode,
  },
  "0.1.0",
);

// Pulumi holds the other end: when it was killed there is nobody left to work for.
process.stdin.on("end", () => process.exit()).resume();

await main(provider, process.argv.slice(2));
