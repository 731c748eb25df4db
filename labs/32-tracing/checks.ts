import { fail, pass, type Check, type CheckContext, type Verdict } from "../check.ts";
import { traces, type Span, type Trace } from "./jaeger.ts";

const services = ["front", "orders", "stock"];
/** How many of the newest traces have to be whole, and how many are looked at for what is slow. */
const newest = 3;
const many = 20;

const shop = (context: CheckContext) => context.host("shop");
const ofFront = (context: CheckContext) => traces(shop(context), `?service=front&limit=${many}`);
const servicesOf = ({ spans }: Trace) => services.filter((name) => spans.some(({ service }) => service === name));

/** The ancestors of a span, the nearest first. */
function callers({ spans }: Trace, span: Span): Span[] {
  const parent = spans.find(({ id }) => id === span.parent);
  return parent ? [parent, ...callers({ spans, id: "", began: 0 }, parent)] : [];
}

/** Whether a lookup of stock came from orders, and that from front. */
const isWhole = (trace: Trace) =>
  trace.spans.some((span) => {
    const through = span.service === "stock" ? callers(trace, span).map(({ service }) => service) : [];
    return through.includes("orders") && through.at(-1) === "front";
  });

const checks: Check[] = [
  {
    id: "services-traced",
    step: 1,
    title: "Each of the three services sends spans",
    run: async (context) => {
      const found = await Promise.all(
        services.map(async (name) =>
          (await traces(shop(context), `?service=${name}&limit=1`)).length > 0 ? [] : name,
        ),
      );
      const missing = found.flat();
      return missing.length === 0
        ? pass(`Jaeger has spans of ${services.join(", ")}`)
        : fail(`Jaeger has no span of ${missing.join(", ")}`, "Start the shop, and ask it for an order.");
    },
  },
  {
    id: "one-trace",
    step: 2,
    title: `The last ${newest} requests are one trace each, from front to stock`,
    run: async (context) => {
      const last = (await ofFront(context)).slice(0, newest);
      if (last.length < newest)
        return fail(`Jaeger has ${last.length} traces that begin in front`, `Ask for ${newest} orders.`);
      const broken = last.filter((trace) => !isWhole(trace));
      return broken.length === 0
        ? pass(last.map(({ id, spans }) => `${id}: ${spans.length} spans`).join("; "))
        : fail(
            `${broken.length} of the last ${newest} end early: ${broken.map((trace) => servicesOf(trace).join(", ")).join("; ")}`,
            "Who calls stock, and what does it not send along?",
          );
    },
  },
  { id: "slow-item-named", step: 3, title: "What makes orders slow is named", run: slowItemNamed },
  { id: "failure-explained", step: 4, title: "A failed order is explained by its trace", run: failureExplained },
];

async function slowItemNamed(context: CheckContext): Promise<Verdict> {
  const lookUps = (await ofFront(context)).filter(isWhole).flatMap(({ spans }) => spans.filter(({ item }) => item));
  const by = Map.groupBy(lookUps, ({ item }) => item ?? "");
  const [slowest, next] = [...by]
    .map(([item, spans]) => ({ item, took: spans.reduce((sum, { took }) => sum + took, 0) / spans.length }))
    .sort((one, other) => other.took - one.took);
  if (!slowest || !next || slowest.took < 2 * next.took)
    return fail("the last traces show no item that is slower than the others", "Ask for a few more orders.");
  const answer = (await shop(context).run("cat /root/answer")).stdout.trim();
  if (answer === "") return fail("/root/answer is empty", "Write the item's name there.");
  return answer === slowest.item
    ? pass(`looking up ${answer} takes ${slowest.took.toFixed(0)} ms, the next ${next.took.toFixed(0)} ms`)
    : fail(`/root/answer says ${answer}, which is not it`, "The longest span that has no other inside it.");
}

async function failureExplained(context: CheckContext): Promise<Verdict> {
  const [id = "", item = ""] = (await shop(context).run("cat /root/failure")).stdout.trim().split(/\s+/);
  if (!/^[0-9a-f]{32}$/.test(id) || item === "")
    return fail("/root/failure does not hold a trace id and an item", "One line: TRACE-ID ITEM.");
  const log = await shop(context).run(`docker logs front 2>&1 | grep 'level=error .*trace_id=${id}'`);
  if (log.code !== 0)
    return fail(`front has logged no error of trace ${id}`, "Take the trace id of a line with level=error of front.");
  const [trace] = await traces(shop(context), `/${id}`);
  if (!trace) return fail(`Jaeger has no trace ${id}`, "Jaeger's are in memory: take a newer one.");
  // Where it began: what failed, and had nothing inside it that failed.
  const first = trace.spans.find(
    (span) => span.failed && !trace.spans.some(({ parent, failed }) => failed && parent === span.id),
  );
  if (first?.item === undefined)
    return fail(
      `trace ${id} does not reach to where the failure began`,
      "Take an order that failed after orders was put right.",
    );
  return first.item === item
    ? pass(`${id}: failed in ${first.service}, at "${first.name}" of ${item}`)
    : fail(`in trace ${id} it was not ${item} that failed first`, "Follow what FAILED down to the innermost.");
}

export default checks;
