import { z } from "zod";
import type { CheckHost } from "../check.ts";

const tag = z.object({ key: z.string(), value: z.unknown() });
const answer = z.object({
  data: z
    .array(
      z.object({
        traceID: z.string(),
        spans: z.array(
          z.object({
            spanID: z.string(),
            operationName: z.string(),
            references: z.array(z.object({ spanID: z.string() })),
            /** In µs since 1970, and in µs. */
            startTime: z.number(),
            duration: z.number(),
            tags: z.array(tag),
            processID: z.string(),
          }),
        ),
        processes: z.record(z.string(), z.object({ serviceName: z.string() })),
      }),
    )
    .nullable(),
});

/** A span of a trace. */
export interface Span {
  id: string;
  /** The span that it is a part of; undefined for the first of a trace. */
  parent: string | undefined;
  service: string;
  name: string;
  /** In ms. */
  took: number;
  failed: boolean;
  /** The item that it looked up, if it did. */
  item: string | undefined;
}

export interface Trace {
  id: string;
  /** In µs since 1970. */
  began: number;
  spans: Span[];
}

/**
 * Traces that Jaeger has, the newest first.
 * @param path below /api/traces, such as "?service=front&limit=20" or "/<trace id>".
 * @throws Error with what Jaeger answered, when it does not answer with traces.
 */
export async function traces(host: CheckHost, path: string): Promise<Trace[]> {
  const url = `http://${host.address}:16686/api/traces${path}`;
  const { code, stdout, stderr } = await host.run(`curl -sS --max-time 20 '${url}'`);
  const parsed = code === 0 ? answer.safeParse(JSON.parse(stdout)).data?.data : undefined;
  if (parsed === undefined) throw new Error(`Jaeger does not answer: ${(stderr || stdout).trim().slice(0, 200)}`);
  return (parsed ?? [])
    .map(({ traceID, spans, processes }) => ({
      id: traceID,
      began: Math.min(...spans.map(({ startTime }) => startTime)),
      spans: spans.map((span): Span => {
        const tags = Object.fromEntries(span.tags.map(({ key, value }) => [key, value]));
        return {
          id: span.spanID,
          parent: span.references[0]?.spanID,
          service: processes[span.processID]?.serviceName ?? "",
          name: span.operationName,
          took: span.duration / 1_000,
          failed: tags.error === true,
          item: typeof tags.item === "string" ? tags.item : undefined,
        };
      }),
    }))
    .sort((one, other) => other.began - one.began);
}
