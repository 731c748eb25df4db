import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { HostFile } from "../../provider/resources/hostFiles.ts";
import type { LabHost } from "../hosts/labHost.ts";
import { sshWhenReady } from "../hosts/sshWhenReady.ts";
import { HostFiles } from "../resources.ts";
import type { StackAuthority } from "../stackAuthority.ts";
import { containerFunction, type ProbedRegistry } from "./probes.ts";

/** Where a registry listens on its host: the port of clients, and on loopback those behind it. */
export interface RegistryPorts {
  /** "host:port" for clients. */
  address: string;
  /** "host:port" of the registry behind its gate. */
  behind: string;
  /** "host:port" of health and metrics. */
  debug: string;
}

/** Ports of a registry that clients reach at `port`. @throws Error that says what is allowed. */
export function registryPorts(component: string, host: LabHost, port: number): RegistryPorts {
  if (!Number.isInteger(port) || port < 1024 || port > 65_533)
    throw new Error(`${component}: port is ${port}; allowed are 1024 to 65533, as the two after it are used, too`);
  return {
    address: `${host.name}:${port}`,
    behind: `127.0.0.1:${port + 1}`,
    debug: `127.0.0.1:${port + 2}`,
  };
}

/** Names of components that are containers' and accounts' names, too. @throws Error that says what is allowed. */
export function checkName(component: string, name: string): void {
  if (!/^[a-z0-9][a-z0-9-]{1,29}$/.test(name))
    throw new Error(
      `${component}: received the name "${name}"; allowed are 2 to 30 lower-case letters, digits and dashes`,
    );
}

/** Where an engine looks for the CA of a registry (https://docs.docker.com/engine/security/certificates/). */
export const authorityPath = (address: string) => `/etc/docker/certs.d/${address}/ca.crt`;

/** What a registry shows a browser: the names of what it holds. */
export const catalogPage = (address: string) => `https://${address}/v2/_catalog`;

/** Lets the engines of hosts trust what an authority signs, for one registry and no other. */
export function trust(
  name: string,
  address: string,
  authority: StackAuthority,
  hosts: readonly LabHost[],
  parent: pulumi.ComponentResource,
): HostFiles[] {
  return hosts.map(
    (host) =>
      new HostFiles(
        `${name}-trust-${host.name}`,
        {
          host: host.name,
          ssh: sshWhenReady(host),
          incarnation: host.incarnation,
          files: authority.certificate.apply((content) => ({ [authorityPath(address)]: { content, mode: 0o644 } })),
        },
        { parent, deletedWith: host.goesWith },
      ),
  );
}

/** A command for the registry's host, from its script in this folder, which may need more variables. */
export function hostCommand(
  script: "admit" | "collect" | "report",
  probed: ProbedRegistry,
  variables: Record<string, string> = {},
): HostFile {
  const { registry, front, inSwarm, debug, address, authority } = probed;
  const body = readFileSync(new URL(`${script}.sh`, import.meta.url), "utf8");
  const known = { registry, front, debug, address, ca: authority, in_swarm: inSwarm, ...variables };
  const names = Object.entries(known)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
  return { content: `#!/bin/sh\n${names}\n${containerFunction(probed)}\n${body}`, mode: 0o755 };
}
