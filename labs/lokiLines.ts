import { z } from "zod";
import type { CheckHost } from "./check.ts";

/** A line that Loki has. */
export interface LokiLine {
  /** When it was logged, in milliseconds since 1970. */
  timeMs: number;
  line: string;
  /** Labels and structured metadata: host, service, driver, task, container, stream. */
  labels: Record<string, string>;
}

const answer = z.object({
  data: z.object({
    result: z.array(
      z.object({
        stream: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.string(), z.string()])),
      }),
    ),
  }),
});

/** Most lines that Loki answers with at once. */
const most = 5_000;

/**
 * What Loki has for a LogQL query of the last day, the oldest first and at most 5,000.
 * @param host that asks, by its own curl.
 * @throws Error with what Loki answered, when it does not answer.
 */
export async function lokiLines(host: CheckHost, url: string, query: string): Promise<LokiLine[]> {
  const parameters = [`query=${query}`, "since=24h", `limit=${most}`, "direction=forward"];
  const data = parameters.map((parameter) => `--data-urlencode '${parameter}'`).join(" ");
  const command = `curl -fsSG --max-time 20 ${url}/loki/api/v1/query_range ${data}`;
  const { code, stdout, stderr } = await host.run(command);
  if (code !== 0) throw new Error(`Loki at ${url} does not answer: ${stderr.trim()}`);
  const { result } = answer.parse(JSON.parse(stdout)).data;
  const lines = result.flatMap(({ stream, values }) =>
    values.map(([nanoseconds, line]) => ({ timeMs: Number(nanoseconds.slice(0, -6)), line, labels: stream })),
  );
  return lines.sort((a, b) => a.timeMs - b.timeMs);
}
