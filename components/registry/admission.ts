import type * as pulumi from "@pulumi/pulumi";
import { serviceImage } from "../../images/catalogue.ts";
import type { HostFile } from "../../provider/resources/hostFiles.ts";
import type { ProbedRegistry } from "./probes.ts";
import { hostCommand } from "./registryParts.ts";

/** What a registry lets go to accounts that may only pull. */
export interface Admission {
  /** cosign's public key, PEM. */
  key: pulumi.Input<string>;
}

/** The folder of a registry's host whose lists its gate reads. */
export const admittedFolder = (registry: string): string => `/root/${registry}/admitted`;

/**
 * What admission takes on the registry's host.
 * @param account One that may push: it reads signatures.
 * @param puller One that may only pull.
 */
export function admissionFiles(
  parts: ProbedRegistry,
  { account, puller }: { account: string; puller: string },
  key: string,
): Record<string, HostFile> {
  const { registry } = parts;
  const cosign = serviceImage("cosign").names[0];
  return {
    [`/usr/local/bin/${registry}-admit`]: hostCommand("admit", parts, { account, puller, cosign }),
    [`/root/${registry}/admission.pub`]: { content: key, mode: 0o644 },
    [`${admittedFolder(registry)}/README`]: {
      content: `What stands beside this is ${registry}-admit's.\n`,
      mode: 0o644,
    },
  };
}
