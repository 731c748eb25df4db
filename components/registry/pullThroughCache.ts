import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { serviceImage } from "../../images/catalogue.ts";
import type { ComponentOutput } from "../../stacks/outputs.ts";
import type { Plan } from "../../stacks/plan.ts";
import type { LabHost } from "../hosts/labHost.ts";
import { placeOf } from "../hosts/placeOf.ts";
import { sshWhenReady } from "../hosts/sshWhenReady.ts";
import { HostFiles, HostService } from "../resources.ts";
import type { StackAuthority } from "../stackAuthority.ts";
import { registryProbe } from "./probes.ts";
import { configPath, registryConfig, storagePath } from "./registryConfig.ts";
import { authorityPath, catalogPage, checkName, hostCommand, registryPorts, trust } from "./registryParts.ts";

export interface Upstream {
  /** Such as "https://registry-1.docker.io". */
  url: string;
  /** Who asks it; nobody by default. */
  account?: { name: string; password: pulumi.Input<string> };
  /** PEM of the CA that signed its certificate, where that is not one that everybody knows. */
  certificate?: pulumi.Input<string>;
}

export interface PullThroughCacheArgs {
  plan: Plan;
  host: LabHost;
  /** Signs its certificate. */
  authority: StackAuthority;
  upstream: Upstream;
  /** Hosts whose engines trust it, besides its own. It asks them for no account. */
  trustedBy?: LabHost[];
  /** Port of the host; 5000 by default. The second after it is taken on loopback. */
  port?: number;
  /** How long its certificate is good for; 365 by default. `up` renews it in its last tenth. */
  certificateDays?: number;
}

const deadlineSec = 60;
const tls = { certificate: "/etc/docker/registry/cache.crt", key: "/etc/docker/registry/cache.key" };
/** Where Go looks for more certificates than the system's own file has. */
const upstreamAuthority = "/etc/ssl/certs/drydock-upstream.crt";

/**
 * A registry that fetches what it is asked for from another one and keeps it, for a week: with the other one cut off it
 * serves what it has. It takes no pushes. Its container does not start while the other one is cut off, as Distribution 2
 * asks it first (configureAuth in registry/proxy/proxyauth.go): it goes on trying until the other one is back.
 *
 * On its host are the container and the volume `<name>`, and the command `<name>-report`, which tells what it holds and how
 * many bytes it saved.
 */
export class PullThroughCache extends pulumi.ComponentResource {
  /** "host:port". */
  readonly address: string;
  readonly output: pulumi.Output<ComponentOutput>;

  constructor(name: string, args: PullThroughCacheArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, host, authority, upstream, trustedBy = [], port = 5000, certificateDays = 365 } = args;
    checkName("PullThroughCache", name);
    checkUpstream(name, upstream.url);
    const { address, debug } = registryPorts(`PullThroughCache ${name}`, host, port);
    super("drydock:index:PullThroughCache", name, {}, opts);

    const onHost = { parent: this, deletedWith: host.goesWith };
    const reached = { host: host.name, ssh: sshWhenReady(host), incarnation: host.incarnation };

    const certificate = authority.issue(`${name}-certificate`, host, certificateDays, { parent: this });
    const probed = { registry: name, inSwarm: false, front: name, certificate: tls.certificate, debug, address };
    const parts = { ...probed, authority: authorityPath(address) };
    const trusted = trust(name, address, authority, [host, ...trustedBy.filter((other) => other !== host)], this);
    new HostFiles(
      `${name}-files`,
      { ...reached, files: { [`/usr/local/bin/${name}-report`]: hostCommand("report", parts) } },
      onHost,
    );
    new HostService(
      name,
      {
        ...placeOf(plan, host),
        name,
        image: serviceImage("registry").names[0],
        command: [],
        memoryMib: 256,
        files: pulumi.secret(
          pulumi.all([certificate.certificate, certificate.privateKey, upstream]).apply(([crt, key, known]) => ({
            [configPath]: registryConfig({
              address: `:${port}`,
              debugAddress: debug,
              secret: createHash("sha256").update(key).digest("hex"),
              tls,
              upstream: known,
            }),
            [tls.certificate]: crt,
            [tls.key]: key,
            ...(known.certificate === undefined ? {} : { [upstreamAuthority]: known.certificate }),
          })),
        ),
        volumes: { [name]: storagePath },
        probe: registryProbe(parts),
        deadlineSec,
      },
      { ...onHost, dependsOn: trusted },
    );

    this.address = address;
    this.output = pulumi.output({
      name,
      kind: "pull-through cache",
      host: host.name,
      address,
      probe: registryProbe(parts),
      page: catalogPage(address),
    });
    this.registerOutputs({ address });
  }
}

function checkUpstream(name: string, url: string): void {
  if (!/^https?:\/\/[^/@]+\/?$/.test(url))
    throw new Error(
      `PullThroughCache ${name}: upstream.url is "${url}"; allowed is https://HOST or https://HOST:PORT, the account apart`,
    );
}
