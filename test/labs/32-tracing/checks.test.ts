import { expect, it } from "vitest";
import type { Changes } from "../replay.ts";
import { expectFail, reprint, say, verdictOf } from "../verdicts.ts";

const slug = "tracing";

interface Span {
  operationName: string;
  references: { spanID: string }[];
  tags: { key: string; value: unknown }[];
}
interface Trace {
  traceID: string;
  spans: Span[];
}

/** Changes the traces that Jaeger answers with. */
const jaeger = (question: RegExp, change: (traces: Trace[]) => Trace[]): Changes =>
  reprint(question, (stdout) => {
    const answer = JSON.parse(stdout) as { data: Trace[] };
    return JSON.stringify({ ...answer, data: change(answer.data) });
  });
const spans = (question: RegExp, change: (span: Span) => Span) =>
  jaeger(question, (traces) => traces.map((trace) => ({ ...trace, spans: trace.spans.map(change) })));
const none = (question: RegExp) => jaeger(question, () => []);

it.each<[string, RegExp, Changes]>([
  ["services-traced", /no span of orders$/, none(/service=orders/)],
  ["services-traced", /no span of front, orders, stock/, none(/service=/)],
  ["one-trace", /has 0 traces that begin in front/, none(/service=front/)],
  [
    "one-trace",
    /3 of the last 3 end early/,
    spans(/service=front/, (span) => (span.operationName.includes("stock") ? { ...span, references: [] } : span)),
  ],
  ["slow-item-named", /no item that is slower/, spans(/service=front/, (span) => ({ ...span, duration: 10 }))],
  ["slow-item-named", /answer is empty/, say(/answer/, { code: 1 })],
  ["slow-item-named", /says mars, which is not it/, say(/answer/, { stdout: "mars\n" })],
  ["failure-explained", /does not hold a trace id and an item/, say(/cat .*failure/, { code: 1 })],
  ["failure-explained", /front has logged no error/, say(/docker logs front/, { code: 1 })],
  ["failure-explained", /Jaeger has no trace/, none(/traces\/[0-9a-f]{32}/)],
  [
    "failure-explained",
    /does not reach to where the failure began/,
    spans(/traces\/[0-9a-f]{32}/, (span) => ({ ...span, tags: span.tags.filter(({ key }) => key !== "item") })),
  ],
  [
    "failure-explained",
    /it was not mars that failed first/,
    reprint(/cat .*failure/, (stdout) => `${stdout.split(" ")[0]} mars\n`),
  ],
])("%s fails with %s", (id, evidence, changes) => expectFail(slug, id, evidence, changes));

it("says that Jaeger does not answer", async () => {
  const verdict = verdictOf(slug, "one-trace", say(/api\/traces/, { code: 7, stderr: "refused" }));
  expect(await verdict).toMatchObject({ verdict: "fail", evidence: expect.stringContaining("refused") as string });
});
