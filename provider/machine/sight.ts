import { z } from "zod";

/** What was found on a machine. */
export interface Sight {
  /** ID of /etc/os-release: "debian" and so on. */
  os: string;
  version: string;
  isRoot: boolean;
  /** What it lacks, in words. */
  lacks: string[];
  /** Labels of the stack whose host it is. */
  record: Record<string, string> | undefined;
  /** Its engine's daemon.json, as it was before it became a host. */
  daemon: string | undefined;
  /** Address of its engine's own bridge, docker0, with prefix length, as it was then; undefined where there was none. */
  bridge: string | undefined;
  /** Version of its engine, "silent" when that does not answer; undefined where there is none. */
  engine: string | undefined;
  /** "inactive", "active" and so on. */
  swarm: string;
  /** Containers that run. */
  running: number;
  memoryMib: number;
  diskMib: number;
  /** Whether the address that was named is one of its own. */
  ownsAddress: boolean;
  /** In bytes, of the links to the other machines, each once. */
  mtus: number[];
  /** What of sshd keeps root from logging in with a key, or from reaching the engine. */
  sshdForbids: string[];
}

const labels = z.record(z.string(), z.string());

/** What of sshd's options lets root log in with a key, and reach the engine. */
const sshdAllows: Record<string, RegExp> = {
  permitrootlogin: /^(yes|without-password|prohibit-password)$/,
  pubkeyauthentication: /^yes$/,
  allowstreamlocalforwarding: /^(yes|all|local)$/,
  disableforwarding: /^no$/,
  authorizedkeysfile: /(^| )((%h|~|\/root)\/)?\.ssh\/authorized_keys( |$)/,
};

/** Reads what look.sh printed. */
export function parseSight(text: string): Sight {
  const lines = text.split("\n").map((line): [string, string] => {
    const [, word = "", value = ""] = /^(\S+) (.*)$/.exec(line) ?? [];
    return [word, value];
  });
  const all = (word: string) => lines.filter(([key]) => key === word).map(([, value]) => value);
  const one = (word: string) => all(word)[0];
  const decoded = (word: string) => {
    const value = one(word);
    return value === undefined ? undefined : Buffer.from(value, "base64").toString();
  };
  const record = decoded("record");
  return {
    os: one("os") ?? "",
    version: one("version") ?? "",
    isRoot: one("user") === "0",
    lacks: all("lacks"),
    record: record === undefined ? undefined : labels.parse(JSON.parse(record)),
    daemon: decoded("daemon"),
    bridge: one("bridge"),
    engine: one("engine"),
    swarm: one("swarm") ?? "inactive",
    running: Number(one("running") ?? 0),
    memoryMib: Number(one("memory") ?? 0),
    diskMib: Number(one("disk") ?? 0),
    ownsAddress: one("owns") !== undefined,
    mtus: [...new Set(all("mtu").map(Number))],
    sshdForbids: Object.entries(sshdAllows).flatMap(([option, allowed]) =>
      all(option)
        .filter((value) => !allowed.test(value))
        .map((value) => `${option} ${value}`),
    ),
  };
}
