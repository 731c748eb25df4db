import { fail, pass, type Check, type CheckContext, type Verdict } from "../check.ts";
import { lokiLines, type LokiLine } from "../lokiLines.ts";
import { hostnames, onService, runningOf, tasksOf } from "../swarmChecks.ts";
import { missingNumbers } from "./numbers.ts";

const loki = "http://manager-1:3100";
const ask = (context: CheckContext, query: string) => lokiLines(context.host("manager-1"), loki, query);
const distinct = (lines: readonly LokiLine[], label: string) =>
  [...new Set(lines.map(({ labels }) => labels[label] ?? ""))].sort();

/** What the shop's replica logs once, on whatever node it runs. */
const lostOrder = '{service="shop_orders"} |= "lost"';

const checks: Check[] = [
  {
    id: "web-logs-of-every-node",
    step: 1,
    title: "Loki has what shop_web logged on every node",
    run: async (context) => {
      const hosts = distinct(await ask(context, '{service="shop_web"} |= "GET /"'), "host");
      const missing = context.hosts.map(({ name }) => name).filter((name) => !hosts.includes(name));
      return missing.length === 0
        ? pass(`requests to shop_web were logged on ${hosts.join(", ")}`)
        : fail(
            `Loki has no request to shop_web on ${missing.join(", ")}`,
            "Deploy shop.yml, and ask every node's port 8080 for a page.",
          );
    },
  },
  {
    id: "tasks-are-told-apart",
    step: 1,
    title: "Every line of shop_orders says its service, its node and its task",
    run: onService("shop_orders", async (service, manager, context) => {
      const lines = await ask(context, '{service="shop_orders"}');
      const names = await hostnames(manager);
      const running = runningOf(await tasksOf(manager, service));
      const unseen = running.filter(
        (task) => !lines.some(({ labels }) => labels.task?.endsWith(task.ID) && labels.host === names.get(task.NodeID)),
      );
      if (running.length === 0) return fail("no task of shop_orders runs", "`docker service ps shop_orders` says why.");
      return unseen.length === 0
        ? pass(`all ${running.length} tasks of shop_orders have lines under their own node and name`)
        : fail(`${unseen.length} tasks have no line in Loki`, "Look again in a few seconds.");
    }),
  },
  {
    id: "lost-order-found",
    step: 2,
    title: "The node that lost an order is named",
    run: async (context) => {
      const [line] = await ask(context, lostOrder);
      if (!line) return fail("Loki has no line of shop_orders with a lost order", "Deploy shop.yml first.");
      const { stdout } = await context.host("manager-1").run("cat /root/answer");
      const answer = stdout.trim();
      if (answer === "") return fail("/root/answer on manager-1 is empty", "Write the node's name there.");
      return answer === line.labels.host
        ? pass(`"${line.line}" was logged on ${answer}, by ${line.labels.task}`)
        : fail(
            `/root/answer says ${answer}, which is not the node`,
            "Search for the word lost, and read the label host.",
          );
    },
  },
  {
    id: "crash-loop-ended",
    step: 3,
    title: "shop_stock crashed again and again, and runs now",
    run: onService("shop_stock", async (service, manager, context) => {
      const lines = await ask(context, '{service="shop_stock"}');
      const crashed = distinct(
        lines.filter(({ line }) => line.includes("FATAL")),
        "task",
      );
      if (crashed.length < 2)
        return fail(`Loki has ${crashed.length} crashed tasks of shop_stock`, "Deploy shop.yml, and give it a minute.");
      const [task] = runningOf(await tasksOf(manager, service));
      const ready = task && lines.find(({ line, labels }) => line.includes("ready") && labels.task?.endsWith(task.ID));
      return ready
        ? pass(`${crashed.length} tasks ended with FATAL; then ${ready.labels.task} said "${ready.line}"`)
        : fail(
            `${crashed.length} tasks ended with FATAL, and none that runs said that it is ready`,
            "The line with FATAL says what is missing; `docker service update --env-add` gives it.",
          );
    }),
  },
  {
    id: "nothing-lost",
    step: 4,
    title: "What was logged while Loki was away is there, whole",
    run: async (context) => {
      const lines = await ask(context, '{service="counter"}');
      if (lines.length === 0) return fail("Loki has no line of a container counter", "Start it on worker-1.");
      return gapOf(context, lines);
    },
  },
];

interface LokiContainer {
  State: { StartedAt: string; FinishedAt: string; Running: boolean };
}

/** Whether the numbers go on through the time between Loki's last end and its last start. */
async function gapOf(context: CheckContext, lines: LokiLine[]): Promise<Verdict> {
  const { State: state } = await context.host("manager-1").engine<LokiContainer>("/containers/loki/json");
  const [ended, started] = [Date.parse(state.FinishedAt), Date.parse(state.StartedAt)];
  if (!state.Running || started < ended) return fail("Loki does not run", "`docker start loki` on manager-1.");
  const during = lines.filter(({ timeMs }) => timeMs > ended && timeMs < started);
  if (during.length === 0)
    return fail("counter logged nothing while Loki was away", "Stop Loki while counter counts, and start it again.");
  const seconds = Math.round((started - ended) / 1_000);
  const missing = missingNumbers(lines.map(({ line }) => Number(line)));
  return missing.length === 0
    ? pass(`${lines.length} lines without a gap, ${during.length} of them from the ${seconds} s that Loki was away`)
    : fail(
        `${missing.length} numbers are missing, from ${missing[0]}`,
        "Wait some seconds: the queue is being emptied.",
      );
}

export default checks;
