import { it } from "vitest";
import type { Changes } from "../replay.ts";
import { expectFail, reprint, say } from "../verdicts.ts";

const slug = "high-availability";

/** A request of a run, as its log has it. */
interface Line {
  began: number;
  took: number;
  status: string;
  entrance: string;
  replica: string;
}

/** Changes the requests of a run. */
const run = (name: string, change: (lines: Line[]) => Line[]): Changes =>
  reprint(new RegExp(`cat /root/load/${name}`), (stdout) => {
    const lines = stdout
      .trim()
      .split("\n")
      .map((text): Line => {
        const [began = "", took = "", status = "", entrance = "", replica = ""] = text.split(" ");
        return { began: Number(began), took: Number(took), status, entrance, replica };
      });
    return change(lines)
      .map(({ began, took, status, entrance, replica }) => [began, took, status, entrance, replica].join(" "))
      .join("\n");
  });
const failing = (line: Line): Line => ({ ...line, status: "503", replica: "-" });
/** The run, with its last requests failing. */
const lastFailing = (name: string) =>
  run(name, (lines) => lines.map((line, at) => (at >= lines.length - 3 ? failing(line) : line)));
const missing = (name: string) => say(new RegExp(`cat /root/load/${name}`), { code: 1 });

const words = (change: (text: string) => string) => reprint(/docker logs --timestamps load-balancer/, change);
const statistics = (change: (text: string) => string) => reprint(/node-2:8404/, change);

/** Changes what an engine tells of a container. */
const container = (name: string, change: (found: Record<string, unknown>) => Record<string, unknown>): Changes => ({
  engine: (path, answer) =>
    path === `/containers/${name}/json` && answer !== undefined ? change(answer as Record<string, unknown>) : answer,
});

it.each<[string, RegExp, Changes]>([
  [
    "replicas-up",
    /none of 12 requests to node-1 was answered by node-2$/,
    reprint(/seq 12/, (text) => text.replace("node-2\n", "")),
  ],
  ["replicas-up", /was answered by node-1, node-2, node-3$/, say(/seq 12/, {})],
  ["replicas-up", /node-2, but some by "0f0e"/, reprint(/seq 12/, (text) => text.replace("node-2", "0f0e"))],
  ["replica-killed", /node-3 has no \/root\/load\/killed.log/, missing("killed")],
  ["replica-killed", /only 20 requests/, run("killed", (lines) => lines.slice(0, 20))],
  ["replica-killed", /left no server out for this reason/, words(() => "")],
  [
    "replica-killed",
    /left no server out for this reason/,
    words((text) => text.replaceAll("Layer4 connection problem", "Layer7 timeout")),
  ],
  ["replica-killed", /3 of them not within 5 s/, lastFailing("killed")],
  ["replica-frozen", /node-3 has no \/root\/load\/frozen.log/, missing("frozen")],
  ["replica-frozen", /left no server out for this reason/, words((text) => text.replaceAll("timeout", "reset"))],
  [
    "replica-frozen",
    /no request of the run frozen came while node-2 was left out/,
    words((text) =>
      text.replace(/(.*Server servers.node-2 is) DOWN(, reason: Layer7 timeout.*)/, "$1 DOWN$2\n$1 UP$2"),
    ),
  ],
  ["second-entrance", /http:\/\/node-2:8404 shows no servers/, say(/node-2:8404/, { code: 7 })],
  [
    "second-entrance",
    /node-1, node-2, node-3: no health check/,
    statistics((text) => text.replace(/^(servers,node-.*?),UP,/gm, "$1,no check,")),
  ],
  [
    "second-entrance",
    /node-1, node-2, node-3: only asked for a connection/,
    statistics((text) => text.replaceAll("L7OK", "L4OK")),
  ],
  [
    "second-entrance",
    /node-2's load balancer has node-3 down/,
    statistics((text) => text.replace(/^(servers,node-3.*?),UP,/m, "$1,DOWN,")),
  ],
  ["entrance-killed", /node-3 has no \/root\/load\/entrance.log/, missing("entrance")],
  [
    "entrance-killed",
    /did not end while the run entrance lasted/,
    container("load-balancer", (found) => ({ ...found, State: { FinishedAt: "0001-01-01T00:00:00Z" } })),
  ],
  ["entrance-killed", /3 of them not within 5 s/, lastFailing("entrance")],
  [
    "entrance-killed",
    /0 requests went by node-1 before it was killed/,
    run("entrance", (lines) => lines.map((line) => ({ ...line, entrance: lines.at(-1)?.entrance ?? "-" }))),
  ],
  ["entrance-back", /it has not been killed/, missing("entrance")],
  [
    "entrance-back",
    /load-balancer does not run on node-1/,
    container("load-balancer", (found) => ({ ...found, State: { Running: false } })),
  ],
  ["maintenance", /node-3 has no \/root\/load\/maintenance.log/, missing("maintenance")],
  [
    "maintenance",
    /web of node-3 was not made while/,
    container("web", (found) => ({ ...found, Created: "2026-01-01T00:00:00Z" })),
  ],
  [
    "maintenance",
    /load-balancer on node-1 was not told to drain node-3/,
    say(/logs --timestamps load-balancer.*drain/, { code: 1 }),
  ],
  ["maintenance", /second on node-2 was not told to drain node-3/, say(/logs --timestamps second.*drain/, { code: 1 })],
  ["maintenance", /3 of \d+ requests failed/, lastFailing("maintenance")],
  [
    "maintenance",
    /node-3 answered no request/,
    run("maintenance", (lines) => lines.map((line) => ({ ...line, replica: "node-1" }))),
  ],
])("%s fails with %s", (id, evidence, changes) => expectFail(slug, id, evidence, changes));
