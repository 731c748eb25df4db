import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";

export const open: CommandSpec = {
  name: "open",
  arguments: "[component]",
  group: "Learning",
  summary: "Show a component's page, such as Prometheus, in the browser",
  description:
    "Prints the page's address on this machine's loopback, and opens it where there is a screen and no --json. An SSH\n" +
    "tunnel leads there until `down`. Without a component: what there is to open.",
  examples: [
    ["./drydock open", "what there is to open"],
    ["./drydock open prometheus", "the lab's Prometheus, in a browser"],
    ["./drydock open prometheus --json", "its address, for other tools"],
  ],
  async run({ args: [component], options, terminal, print }) {
    const { openToLook } = await import("../openToLook.ts");
    const stack = await openToLook(options.stack);
    if (component === undefined) {
      const { pages } = await import("../tunnel/pageOf.ts");
      const { table } = await import("../table.ts");
      const known = pages(await stack.outputs()).map(({ component: name, kind, host }) => ({ name, kind, host }));
      const rows = known.map(({ name, kind, host }) => [name, kind, host]);
      const none = `Lab ${stack.plan.lab} has nothing to open.\n`;
      print(known, () => (rows.length === 0 ? none : table(["COMPONENT", "KIND", "HOST"], rows)));
      return exitCode.done;
    }
    const { openTunnel } = await import("../tunnel/openTunnel.ts");
    const address = (await openTunnel(stack, component)).href;
    print({ component, address }, () => `${address}\n`);
    if (options.json !== true && terminal.interactive && hasScreen()) await show(address);
    return exitCode.done;
  },
};

/** Whether there is a screen for a browser: on Linux, what draws on one is named in the environment. */
const hasScreen = () =>
  process.platform !== "linux" || [process.env.DISPLAY, process.env.WAYLAND_DISPLAY].some(Boolean);

async function show(address: string): Promise<void> {
  const { default: browse } = await import("open");
  const browser = await browse(address);
  await new Promise((resolve, reject) => browser.once("spawn", resolve).once("error", reject));
}
