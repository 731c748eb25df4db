import { z } from "zod";
import type { CheckHost } from "./check.ts";

/** A series that Prometheus answers with. */
export interface Sample {
  labels: Record<string, string>;
  value: number;
}

const answer = z.object({
  data: z.object({
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.coerce.number()]) }),
    ),
  }),
});

const rulesAnswer = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        file: z.string(),
        rules: z.array(
          z.object({
            type: z.enum(["alerting", "recording"]),
            name: z.string(),
            query: z.string(),
            health: z.string(),
            lastError: z.string().optional(),
            /** In seconds, of an alert. */
            duration: z.number().optional(),
            /** Of an alert. */
            state: z.enum(["inactive", "pending", "firing"]).optional(),
          }),
        ),
      }),
    ),
  }),
});
export type PrometheusRule = z.infer<typeof rulesAnswer>["data"]["groups"][number]["rules"][number];

/**
 * What Prometheus answers to a PromQL query, now.
 * @param host that asks, by its own curl.
 * @throws Error with what Prometheus answered, when it refuses the query or does not answer.
 */
export async function samples(host: CheckHost, url: string, query: string): Promise<Sample[]> {
  const data = await get(
    host,
    `${url}/api/v1/query`,
    `--data-urlencode 'query=${query.replaceAll("'", String.raw`'\''`)}'`,
  );
  return answer.parse(data).data.result.map(({ metric, value: [, value] }) => ({ labels: metric, value }));
}

/** The rules that Prometheus has, of all its files. @throws Error when it does not answer. */
export async function prometheusRules(host: CheckHost, url: string): Promise<PrometheusRule[]> {
  const { groups } = rulesAnswer.parse(await get(host, `${url}/api/v1/rules`)).data;
  return groups.flatMap(({ rules }) => rules);
}

async function get(host: CheckHost, url: string, data = ""): Promise<unknown> {
  const { code, stdout, stderr } = await host.run(`curl -sSG --fail-with-body --max-time 20 ${url} ${data}`);
  if (code !== 0) throw new Error(`Prometheus at ${url} does not answer: ${(stdout || stderr).trim()}`);
  return JSON.parse(stdout);
}
