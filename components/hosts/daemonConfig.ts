import { engineLabels } from "../logging/engineLabels.ts";
import type { Plan } from "../../stacks/plan.ts";

/** Where an engine serves its own metrics, as in Docker's documentation. */
export const engineMetricsPort = 9323;

/**
 * The daemon.json of a host's engine: the lab's mirror, if it has one, address pools that overlap nothing, logs that stay small, and
 * metrics on loopback.
 */
export function daemonConfig({ enginePool }: Plan, mirror?: string): string {
  const { bip, base, size } = enginePool;
  return JSON.stringify(
    {
      // BuildKit asks a mirror over HTTPS unless it is named here, too.
      ...(mirror === undefined ? {} : { "registry-mirrors": [`http://${mirror}`], "insecure-registries": [mirror] }),
      bip,
      "default-address-pools": [{ base, size }],
      "log-driver": "json-file",
      // Each line says whose it is, so that a collector of the files can tell.
      "log-opts": { "max-size": "10m", "max-file": "2", tag: "{{.Name}}", labels: engineLabels.join(",") },
      "metrics-addr": `127.0.0.1:${engineMetricsPort}`,
      "shutdown-timeout": 10,
    },
    undefined,
    2,
  );
}
