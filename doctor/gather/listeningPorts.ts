import { execa } from "execa";
import { runOn } from "../../engine/remoteMachine.ts";
import { readIfThere } from "../../access/privateFile.ts";
import type { World } from "../../stacks/world.ts";

type ListeningPort = World["listeningPorts"][number];

const deadlineMs = 10_000;

/**
 * TCP ports in use on a machine, with their holders where ss or lsof can tell.
 * @param machine as "ssh://user@host:port"; this machine by default.
 */
export async function listeningPorts(machine?: string): Promise<ListeningPort[]> {
  if (machine !== undefined) {
    const { stdout } = await runOn(machine, "ss -Hltnp; cat /proc/net/tcp /proc/net/tcp6");
    return merged(parseSs(stdout), [stdout]);
  }
  if (process.platform !== "linux") return parseLsof(await outputOf("lsof", ["-nP", "-iTCP", "-sTCP:LISTEN", "-Fcn"]));
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map(async (path) => (await readIfThere(path)) ?? ""),
  );
  return merged(parseSs(await outputOf("ss", ["-Hltnp"])), tables);
}

/** Not every machine has ss, and a port is taken whether or not it is known by whom. */
function merged(told: ListeningPort[], tables: string[]): ListeningPort[] {
  const untold = tables.flatMap(parseTcp).filter(({ port }) => !told.some((known) => known.port === port));
  return [...told, ...untold];
}

/** What a program prints; nothing where there is no such program, or it fails. */
async function outputOf(command: string, args: string[]): Promise<string> {
  const { stdout, exitCode } = await execa(command, args, { reject: false, timeout: deadlineMs });
  return exitCode === 0 ? stdout : "";
}

/** Lines such as `0: 0100007F:1F90 00000000:0000 0A ...` of /proc/net/tcp: state 0A is listening, the port hexadecimal. */
export function parseTcp(table: string): ListeningPort[] {
  return table.split("\n").flatMap((line) => {
    const port = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) \S+ 0A /.exec(line)?.[1];
    return port === undefined ? [] : [{ port: parseInt(port, 16) }];
  });
}

/** Lines such as `LISTEN 0 511 127.0.0.1:4173 0.0.0.0:* users:(("node",pid=7,fd=22))`. */
export function parseSs(output: string): ListeningPort[] {
  return output.split("\n").flatMap((line) => {
    const port = /^LISTEN\s+\d+\s+\d+\s+\S+:(\d+)\s/.exec(line)?.[1];
    const [, name, pid] = /\(\("([^"]+)",pid=(\d+)/.exec(line) ?? [];
    if (port === undefined) return [];
    return { port: Number(port), holder: name && `process ${name} (pid ${pid ?? ""})` };
  });
}

/** Fields a line: `p7`, `cnode`, then `n127.0.0.1:4173` for each port of that process. */
export function parseLsof(output: string): ListeningPort[] {
  let pid = "";
  let name = "";
  const ports: ListeningPort[] = [];
  for (const line of output.split("\n")) {
    if (line.startsWith("p")) pid = line.slice(1);
    if (line.startsWith("c")) name = line.slice(1);
    const port = /^n.*:(\d+)$/.exec(line)?.[1];
    if (port !== undefined) ports.push({ port: Number(port), holder: `process ${name} (pid ${pid})` });
  }
  return ports;
}
