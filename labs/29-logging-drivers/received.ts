import type { CheckHost } from "../check.ts";

/** What a collector received, counted. */
export interface Received {
  lines: number;
  driver: string;
  container: string;
  stream: string;
}

const file = "/var/log/lab/received.jsonl";

/** Every record of the file as driver, container, stream and text, with tabs between; nothing when there is no file. */
const records = `test ! -e ${file} || jq -r '
def attributes: map({ key, value: (.value | to_entries[0].value) }) | from_entries;
.resourceLogs[] | (.resource.attributes // [] | attributes) as $resource
| .scopeLogs[].logRecords[] | (.attributes // [] | attributes) as $record
| [$resource.driver, $record.container, $record.stream, .body.stringValue] | @tsv' ${file}`;

/** How many lines of each container came by which driver. @throws Error when the collector's host does not answer. */
export async function received(collector: CheckHost): Promise<Received[]> {
  const { stdout } = await collector.run(`{ ${records}; } | cut -f 1-3 | sort | uniq -c`);
  return stdout
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [, lines = "", rest = ""] = /^\s*(\d+) (.*)$/.exec(line) ?? [];
      const [driver = "", container = "", stream = ""] = rest.split("\t");
      return { lines: Number(lines), driver, container, stream };
    });
}

/** How many different numbers the lines of a container begin with. */
export async function distinctNumbers(collector: CheckHost, container: string): Promise<number> {
  const filter = `awk -F '\\t' '$2 == "${container}" { print $4 + 0 }' | sort -u | wc -l`;
  const { stdout } = await collector.run(`{ ${records}; } | ${filter}`);
  return Number(stdout);
}
