import type { CheckHost } from "../check.ts";

/** A GET or HEAD of library/orders, or of /v2/ itself, that a server logged, in the combined format. Times are milliseconds since 1970. */
export interface LoggedRequest {
  from: string;
  /** The second in its brackets: for the cache, which is Distribution, that in which the request came. */
  second: number;
  /** When its line was written, which is when it had been answered. */
  answered: number;
  method: string;
  path: string;
  status: number;
  bytes: number;
  agent: string;
}

/** What a container has logged of these; none where there is no such container. */
export async function requestsTo(host: CheckHost, container: string): Promise<LoggedRequest[]> {
  const { stdout } = await host.run(
    `docker logs --timestamps ${container} 2> /dev/null | grep -E '"(GET|HEAD) /v2/(library/orders/| )' || true`,
  );
  return stdout.split("\n").flatMap(parse);
}

const combined = /^(\S+) (\S+) \S+ \S+ \[([^\]]+)\] "(\S+) (\S+)[^"]*" (\d+) (\d+) "[^"]*" "(.*)"$/;

function parse(line: string): LoggedRequest[] {
  const [found, answered = "", from = "", second = "", method = "", path = "", status, bytes, agent = ""] =
    combined.exec(line) ?? [];
  if (found === undefined) return [];
  const request = { from, method, path, status: Number(status), bytes: Number(bytes), agent };
  // 25/Nov/2026:09:41:42 +0000
  return [{ ...request, second: Date.parse(second.replace(":", " ")), answered: Date.parse(answered) }];
}
