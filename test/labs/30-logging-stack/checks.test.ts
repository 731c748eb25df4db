import { expect, it, test } from "vitest";
import { missingNumbers } from "../../../labs/30-logging-stack/numbers.ts";
import type { Changes } from "../replay.ts";
import { edit, expectFail, say } from "../verdicts.ts";

const slug = "logging-stack";

interface Stream {
  stream: Record<string, string>;
  values: [string, string][];
}

/** Changes what Loki answers to the queries that match. */
const loki = (query: RegExp, change: (streams: Stream[]) => Stream[]): Changes => ({
  run: (command, result) => {
    if (!command.includes("query_range") || !query.test(command) || !result) return result;
    const { data } = JSON.parse(result.stdout) as { data: { result: Stream[] } };
    return { ...result, stdout: JSON.stringify({ data: { result: change(data.result) } }) };
  },
});
const nothing = (query: RegExp) => loki(query, () => []);
const without = (text: string) => (streams: Stream[]) =>
  streams.map((stream) => ({ ...stream, values: stream.values.filter(([, line]) => !line.includes(text)) }));

const lokiState = (change: (state: Record<string, unknown>) => object): Changes => ({
  engine: (path, answer) => {
    if (path !== "/containers/loki/json" || answer === undefined) return answer;
    const { State } = answer as { State: Record<string, unknown> };
    return { State: { ...State, ...change(State) } };
  },
});

it.each<[string, RegExp, Changes]>([
  ["web-logs-of-every-node", /no request to shop_web on manager-1, worker-1, worker-2/, nothing(/shop_web/)],
  [
    "web-logs-of-every-node",
    /no request to shop_web on worker-2$/,
    loki(/shop_web/, (streams) => streams.filter(({ stream }) => stream.host !== "worker-2")),
  ],
  ["tasks-are-told-apart", /there is no service shop_orders/, edit("/services", () => [])],
  ["tasks-are-told-apart", /3 tasks have no line in Loki/, nothing(/shop_orders/)],
  [
    "tasks-are-told-apart",
    /tasks have no line in Loki/,
    loki(/shop_orders/, (streams) =>
      streams.map(({ stream, values }) => ({ stream: { ...stream, host: "worker-1" }, values })),
    ),
  ],
  ["lost-order-found", /no line of shop_orders with a lost order/, nothing(/lost/)],
  ["lost-order-found", /answer on manager-1 is empty/, say(/answer/, { code: 1 })],
  ["lost-order-found", /says mars, which is not the node/, say(/answer/, { stdout: "mars\n" })],
  ["crash-loop-ended", /has 0 crashed tasks/, nothing(/shop_stock/)],
  ["crash-loop-ended", /none that runs said that it is ready/, loki(/shop_stock/, without("ready"))],
  ["crash-loop-ended", /none that runs said that it is ready/, edit("/tasks", () => [])],
  ["nothing-lost", /no line of a container counter/, nothing(/counter/)],
  ["nothing-lost", /Loki does not run/, lokiState(() => ({ Running: false }))],
  ["nothing-lost", /logged nothing while Loki was away/, lokiState(({ StartedAt }) => ({ FinishedAt: StartedAt }))],
  [
    "nothing-lost",
    /1 numbers are missing, from 7$/,
    loki(/counter/, (streams) =>
      streams.map((stream) => ({ ...stream, values: stream.values.filter(([, line]) => line !== "7") })),
    ),
  ],
])("%s fails with %s", (id, evidence, changes) => expectFail(slug, id, evidence, changes));

it("fails when Loki does not answer", () =>
  expectFail(
    slug,
    "web-logs-of-every-node",
    /Loki at .* does not answer: refused/,
    say(/curl/, { code: 7, stderr: "refused" }),
  ));

test("numbers that are missing are those up to the highest", () => {
  expect(missingNumbers([])).toEqual([]);
  expect(missingNumbers([1, 2, 5, 2])).toEqual([3, 4]);
});
