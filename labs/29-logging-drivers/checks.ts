import { fail, pass, type Check, type CheckContext } from "../check.ts";
import { distinctNumbers, received } from "./received.ts";

interface LoggingContainer {
  LogPath: string;
  State: { Running: boolean };
  HostConfig: { LogConfig: { Type: string; Config: Record<string, string> | null } };
}

const containerOf = (context: CheckContext, name: string) =>
  context
    .host("app")
    .engine<LoggingContainer>(`/containers/${name}/json`)
    .catch(() => undefined);

/** The lines that `blocking` and `nonblocking` write. */
const written = 12_000;

/** A check that a container's line came by a driver, under the container's name. */
const delivers = (driver: string, step: number, hint: string): Check => ({
  id: `${driver}-delivers`,
  step,
  title: `What by-${driver} says arrives by the ${driver} driver`,
  run: async (context) => {
    const all = (await received(context.host("collector"))).filter((entry) => entry.driver === driver);
    const own = all.filter(({ container }) => container === `by-${driver}`);
    if (own.length > 0)
      return pass(own.map(({ lines, stream }) => `${lines} on ${stream}`).join(", ") + ` from by-${driver}`);
    const others = [...new Set(all.map(({ container }) => container || "nameless"))].sort();
    return others.length > 0
      ? fail(`by ${driver} came only lines of ${others.join(", ")}`, "--log-opt tag='{{.Name}}' sends the name along.")
      : fail(`nothing came by ${driver}`, hint);
  },
});

const checks: Check[] = [
  {
    id: "json-file-rotates",
    step: 1,
    title: "The log of rotating takes no more than three files of 100 kB",
    run: async (context) => {
      const found = await containerOf(context, "rotating");
      if (!found) return fail("there is no container rotating on app", "docker run --detach --name rotating ...");
      const { Type: type, Config: config } = found.HostConfig.LogConfig;
      const size = config?.["max-size"];
      const count = config?.["max-file"];
      if (type !== "json-file" || size !== "100k" || count !== "3")
        return fail(
          `its driver is ${type} with max-size ${size ?? "none"} and max-file ${count ?? "none"}`,
          "--log-opt max-size=100k --log-opt max-file=3",
        );
      const { stdout } = await context.host("app").run(`stat --format %s ${found.LogPath}*`);
      const sizes = stdout.trim().split("\n").map(Number);
      const seen = `${sizes.length} files, ${sizes.join(" + ")} bytes`;
      return sizes.length === 3
        ? pass(seen)
        : fail(seen, "Let it write more than 300 kB: only then is there something to rotate.");
    },
  },
  delivers("syslog", 2, "--log-driver syslog --log-opt syslog-address=tcp://collector:5514, in the format rfc5424"),
  delivers("gelf", 2, "--log-driver gelf --log-opt gelf-address=tcp://collector:12201"),
  delivers("fluentd", 3, "--log-driver fluentd --log-opt fluentd-address=collector:24224"),
  delivers("splunk", 3, "--log-driver splunk --log-opt splunk-url=http://collector:8088, and a token"),
  {
    id: "blocking-loses-nothing",
    step: 4,
    title: "blocking waited for the receiver and lost nothing",
    run: async (context) => {
      const found = await containerOf(context, "blocking");
      if (!found) return fail("there is no container blocking on app", "Start it while the collector is paused.");
      const { Type: type, Config: config } = found.HostConfig.LogConfig;
      if (type !== "fluentd" || config?.mode === "non-blocking")
        return fail(`its driver is ${type} in mode ${config?.mode ?? "blocking"}`, "fluentd, and no mode");
      const lines = await distinctNumbers(context.host("collector"), "blocking");
      const seen = `${lines} of ${written} lines arrived; ${await secondsOf(context, "blocking")}`;
      return lines === written ? pass(seen) : fail(seen, "Unpause the collector, and wait for the rest.");
    },
  },
  {
    id: "non-blocking-goes-on",
    step: 4,
    title: "nonblocking went on and lost what did not fit into its buffer",
    run: async (context) => {
      const found = await containerOf(context, "nonblocking");
      if (!found) return fail("there is no container nonblocking on app", "Start it while the collector is paused.");
      const { Type: type, Config: config } = found.HostConfig.LogConfig;
      if (type !== "fluentd" || config?.mode !== "non-blocking")
        return fail(`its driver is ${type} in mode ${config?.mode ?? "blocking"}`, "--log-opt mode=non-blocking");
      const lines = await distinctNumbers(context.host("collector"), "nonblocking");
      const seen = `${lines} of ${written} lines arrived; ${await secondsOf(context, "nonblocking")}`;
      if (lines === 0) return fail(seen, "Unpause the collector.");
      return lines < written ? pass(seen) : fail(seen, "Pause the collector first: then the buffer overflows.");
    },
  },
];

/** How long a container's program took to write all, by its own account. */
async function secondsOf(context: CheckContext, name: string): Promise<string> {
  const { code, stdout } = await context.host("app").run(`docker exec ${name} cat /written`);
  return code === 0 ? `writing took ${stdout.trim()} s` : "it has not written all";
}

export default checks;
