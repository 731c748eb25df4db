import { LogCollector, logsFolder } from "../../components/logging/logCollector.ts";
import type { Build } from "../lab.ts";

/** A collector that the other host's engine reaches, and that writes what it receives into a file. */
export const build: Build = ({ plan, hosts: { collector: host }, parent }) => {
  if (!host) throw new Error("logging-drivers has no host collector");
  const sink = { file: `${logsFolder}/received.jsonl` };
  const collector = new LogCollector("collector-logs", { plan, host, sink, listen: host.address }, { parent });
  return { components: [collector.output] };
};
