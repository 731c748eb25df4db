import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { outerEngineUrl } from "../../engine/outerUrl.ts";
import { isRemote, sshOptions } from "../../engine/remoteMachine.ts";
import { imagesHash } from "../../images/labImages.ts";
import { LabNetwork } from "../labNetwork.ts";
import { LabRegistry } from "../labRegistry.ts";
import { LabImages } from "../resources.ts";
import type { HostKind } from "../../images/hostKinds.ts";
import type { Ground, GroundArgs } from "./ground.ts";
import type { LocalHost, LocalHostArgs } from "./localHost.ts";

type LocalHostClass = new (name: string, args: LocalHostArgs, opts: pulumi.ComponentResourceOptions) => LocalHost;

/** Lays a stack's hosts out on the learner's engine, on a bridge network of it. */
export function localEngine(kind: HostKind, Host: LocalHostClass, { plan, access, parent }: GroundArgs): Ground {
  const child = { parent };
  const engineUrl = plan.engine ?? outerEngineUrl();
  const sshOpts = isRemote(engineUrl) ? { sshOpts: sshOptions(engineUrl) } : {};
  const engine = new docker.Provider("engine", { host: engineUrl, ...sshOpts }, child);
  const images = new LabImages(
    "images",
    { engineUrl, kind, images: plan.images, source: plan.imageSource, contentHash: imagesHash(kind, plan.images) },
    child,
  );
  const network = new LabNetwork("network", { plan, engineUrl }, child);
  const { address: mirror } = new LabRegistry("registry", { plan, engine, network, images }, child);
  return {
    hosts: plan.hosts.map(
      (host) => new Host(host.name, { plan, host, engineUrl, network, images, mirror, access }, child),
    ),
    network: network.output,
    registry: pulumi.output({ address: mirror, source: images.origin }),
  };
}
