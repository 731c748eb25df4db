import { it } from "vitest";
import type { Changes } from "../replay.ts";
import { expectFail } from "../verdicts.ts";

const slug = "logging-drivers";

/** What the collector has received, counted, is this. */
const received = (...lines: string[]): Changes => ({
  run: (command, result) =>
    command.includes("uniq -c") ? { code: 0, stdout: lines.map((line) => `${line}\n`).join(""), stderr: "" } : result,
});

/** So many different lines came from blocking and from nonblocking. */
const arrived = (count: number): Changes => ({
  run: (command, result) => (command.includes("wc -l") ? { code: 0, stdout: `${count}\n`, stderr: "" } : result),
});

/** A container's driver and options are these. */
const logging = (container: string, Type: string, Config: Record<string, string>): Changes => ({
  engine: (path, answer) =>
    path === `/containers/${container}/json` && answer !== undefined
      ? { ...answer, HostConfig: { LogConfig: { Type, Config } } }
      : answer,
});

const gone = (container: string): Changes => ({
  engine: (path, answer) => (path === `/containers/${container}/json` ? new Error("no such container") : answer),
});

const oneFile: Changes = {
  run: (command, result) => (command.startsWith("stat ") ? { code: 0, stdout: "5000\n", stderr: "" } : result),
};

const drivers = ["syslog", "gelf", "fluentd", "splunk"];

it.each<[string, RegExp, Changes]>([
  ["json-file-rotates", /there is no container rotating/, gone("rotating")],
  ["json-file-rotates", /driver is local with max-size none/, logging("rotating", "local", {})],
  [
    "json-file-rotates",
    /max-size 1g and max-file 3/,
    logging("rotating", "json-file", { "max-size": "1g", "max-file": "3" }),
  ],
  ["json-file-rotates", /^1 files, 5000 bytes/, oneFile],
  ...drivers.flatMap((driver): [string, RegExp, Changes][] => [
    [`${driver}-delivers`, new RegExp(`nothing came by ${driver}`), received()],
    [`${driver}-delivers`, /only lines of other$/, received(`      2 ${driver}\tother\tstdout`)],
  ]),
  ["blocking-loses-nothing", /there is no container blocking/, gone("blocking")],
  ["blocking-loses-nothing", /in mode non-blocking/, logging("blocking", "fluentd", { mode: "non-blocking" })],
  ["blocking-loses-nothing", /^11999 of 12000 lines/, arrived(11_999)],
  ["non-blocking-goes-on", /there is no container nonblocking/, gone("nonblocking")],
  ["non-blocking-goes-on", /in mode blocking/, logging("nonblocking", "fluentd", {})],
  ["non-blocking-goes-on", /^12000 of 12000 lines/, arrived(12_000)],
  ["non-blocking-goes-on", /^0 of 12000 lines/, arrived(0)],
])("%s fails with %s", (id, evidence, changes) => expectFail(slug, id, evidence, changes));
