import { it } from "vitest";
import type { Changes } from "../replay.ts";
import { expectFail, reprint, say } from "../verdicts.ts";

const slug = "blue-green-canary";

/** Changes the requests of a run: status and replica of each. */
const run = (name: string, change: (lines: string[]) => string[]): Changes =>
  reprint(new RegExp(`cat /root/load/${name}`), (stdout) => change(stdout.trim().split("\n")).join("\n"));
const missing = (name: string) => say(new RegExp(`cat /root/load/${name}`), { code: 1 });
const failing = (line: string, status: string) => line.replace(/ \d{3} (\S+) \S+$/, ` ${status} $1 -`);
const oneFailing = (name: string, status: string) =>
  run(name, (lines) => lines.map((line, at) => (at === 30 ? failing(line, status) : line)));
const allBy = (name: string, replica: string) =>
  run(name, (lines) => lines.map((line) => line.replace(/ \d{3} (\S+) \S+$/, ` 200 $1 ${replica}`)));

/** Changes what an engine tells of the proxy. */
const proxy = (State: { Running: boolean; StartedAt: string }): Changes => ({
  engine: (path, answer) => (path === "/containers/reverse-proxy/json" ? { State } : answer),
});

it.each<[string, RegExp, Changes]>([
  ["versions-up", /http:\/\/blue:8080\/ does not answer/, say(/blue:8080/, { code: 7 })],
  [
    "versions-up",
    /http:\/\/green:8080\/ answers "out of order", not "green"/,
    say(/green:8080/, { stdout: "out of order\n" }),
  ],
  ["testers-see-green", /were answered by "blue", "green"/, say(/X-Shop/, { stdout: "blue\ngreen\n" })],
  ["testers-see-green", /with the header X-Shop: green were answered by nobody/, say(/X-Shop/, {})],
  ["testers-see-green", /without the header were answered by "green"/, say(/3 http:\/\/edge/, { stdout: "green\n" })],
  ["canary", /green has no \/root\/load\/canary.log/, missing("canary")],
  ["canary", /only 20 requests/, run("canary", (lines) => lines.slice(0, 20))],
  ["canary", /green answered no request of the run canary/, allBy("canary", "blue")],
  ["canary", /green answered already after 0 requests/, allBy("canary", "green")],
  [
    "canary",
    /all \d+ requests of the run canary failed/,
    run("canary", (lines) => lines.map((line) => failing(line, "000"))),
  ],
  ["canary", /1 of \d+ requests failed/, oneFailing("canary", "502")],
  [
    "canary",
    /green answered \d+ of \d+ requests$/,
    run("canary", (lines) => lines.map((line, at) => (at > 40 ? line.replace(/ blue$/, " green") : line))),
  ],
  [
    "canary",
    /the proxy on edge was not running all through the run canary/,
    proxy({ Running: true, StartedAt: "2099-01-01T00:00:00Z" }),
  ],
  [
    "cut-over",
    /the proxy on edge was not running all through the run cutover/,
    proxy({ Running: false, StartedAt: "2020-01-01T00:00:00Z" }),
  ],
  ["rolled-back", /green has no \/root\/load\/broken.log/, missing("broken")],
  ["rolled-back", /no request of the run broken was answered with status 500/, allBy("broken", "blue")],
  [
    "rolled-back",
    /1 requests of the run broken failed otherwise than with status 500, such as with 502/,
    oneFailing("broken", "502"),
  ],
  [
    "rolled-back",
    /only 2 requests came after the last that failed/,
    run("broken", (lines) => lines.map((line, at) => (at === lines.length - 3 ? failing(line, "500") : line))),
  ],
  [
    "rolled-back",
    /requests failed \(\d+ %\)$/,
    run("broken", (lines) => lines.map((line, at) => (at < lines.length / 2 ? failing(line, "500") : line))),
  ],
  ["cut-over", /1 of \d+ requests failed/, oneFailing("cutover", "502")],
  ["cut-over", /has these phases: \d+ by blue$/, allBy("cutover", "blue")],
  [
    "cut-over",
    /has these phases: \d+ by blue, then \d+ by green$/,
    run("cutover", (lines) => lines.slice(0, lines.findLastIndex((line) => line.endsWith(" green")) + 1)),
  ],
])("%s fails with %s", (id, evidence, changes) => expectFail(slug, id, evidence, changes));
