import { execa } from "execa";
import type { World } from "../../stacks/world.ts";

type ListeningPort = World["listeningPorts"][number];

const deadlineMs = 10_000;

/** TCP ports in use on this machine; none where neither ss nor lsof can tell. */
export async function listeningPorts(): Promise<ListeningPort[]> {
  const [command, args, parse] =
    process.platform === "linux"
      ? (["ss", ["-Hltnp"], parseSs] as const)
      : (["lsof", ["-nP", "-iTCP", "-sTCP:LISTEN", "-Fcn"], parseLsof] as const);
  const { stdout, exitCode } = await execa(command, args, { reject: false, timeout: deadlineMs });
  return exitCode === 0 ? parse(stdout) : [];
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
