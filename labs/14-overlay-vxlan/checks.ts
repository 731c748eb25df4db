import { fail, notApplicable, pass, type Check, type CheckContext, type CheckHost } from "../check.ts";
import { readCapture, type Capture } from "./capture.ts";
import { endpointOf, findOverlay, vniOf } from "./overlay.ts";

const both = (context: CheckContext) => ({ manager: context.host("manager-1"), worker: context.host("worker-1") });
const joinBoth = (network: string, ours: string, theirs: string) =>
  `Start ${ours} on manager-1 and ${theirs} on worker-1, both with --network ${network}.`;

const checks: Check[] = [
  {
    id: "wire-is-attachable",
    step: 1,
    title: "wire is an attachable overlay",
    run: async (context) => {
      const { manager } = both(context);
      const wire = await findOverlay(manager, "wire");
      if (!wire)
        return fail("there is no overlay network wire", "`docker network create --driver overlay ...` on manager-1");
      return wire.Attachable
        ? pass(`wire is an attachable overlay with the VNI ${await vniOf(manager, "wire")}`)
        : fail("wire is not attachable", "Remove it and make it with --attachable.");
    },
  },
  {
    id: "alice-reaches-bob",
    step: 2,
    title: "alice on manager-1 fetches the page of bob on worker-1 by name",
    run: async (context) => {
      const { manager, worker } = both(context);
      const alice = await endpointOf(manager, "alice", "wire");
      const bob = await endpointOf(worker, "bob", "wire");
      if (!alice || !bob) return fail("alice and bob are not both on wire", joinBoth("wire", "alice", "bob"));
      const answer = await manager.run(fetchPage("alice", "bob"));
      return answer.code === 0
        ? pass(`alice (${alice.address}) asked http://bob/ (${bob.address}): ${answer.stdout.trim()}`)
        : fail(`alice got no page from bob: ${answer.stderr.trim()}`, "Does bob run a web server on port 80?");
    },
  },
  {
    id: "vxlan-captured",
    step: 3,
    title: "The capture has VXLAN packets between the hosts, with the VNI of wire",
    run: async (context) => {
      const { manager, worker } = both(context);
      const capture = await readCapture(worker, "/root/wire.pcap");
      if (!capture)
        return fail("worker-1 has no /root/wire.pcap", "tcpdump -i any -c 20 -w /root/wire.pcap udp port 4789");
      const vni = await vniOf(manager, "wire");
      const bob = await endpointOf(worker, "bob", "wire");
      const alice = await endpointOf(manager, "alice", "wire");
      const found = capture.vxlan.filter(
        (packet) => packet.vni === vni && packet.from === manager.address && packet.to === worker.address,
      );
      const toBob = found.filter(({ inner }) => inner.from === alice?.address && inner.to === bob?.address);
      const seen = `${capture.vxlan.length} VXLAN packets, ${found.length} from manager-1 to worker-1 with the VNI ${vni ?? "?"} of wire, ${toBob.length} of them from alice to bob`;
      return toBob.length > 0 ? pass(seen) : fail(seen, "Capture again while alice fetches bob's page.");
    },
  },
  {
    id: "payload-readable",
    step: 3,
    title: "The capture of the plain overlay shows the page itself",
    run: async (context) => {
      const { manager, worker } = both(context);
      const capture = await readCapture(worker, "/root/wire.pcap");
      const page = await manager.run(fetchPage("alice", "bob"));
      if (!capture || page.code !== 0)
        return fail("there is no capture, or no page to look for", "Do steps 2 and 3 first.");
      const readable = readableIn(capture, await vniOf(manager, "wire"), page.stdout);
      const line = firstLine(page.stdout);
      return readable
        ? pass(`${readable} of the packets of wire hold the words: ${line}`)
        : fail(`no packet of wire holds the words: ${line}`, "Capture more packets while alice fetches bob's page.");
    },
  },
  {
    id: "tunnel-found",
    step: 4,
    title: "The VNI, alice's MAC address and her host are found in the tunnel's tables",
    run: async (context) => {
      const { manager, worker } = both(context);
      const { stdout } = await worker.run("cat /root/tunnel");
      const [vni = "", mac = "", address = ""] = stdout.trim().split(/\s+/);
      const alice = await endpointOf(manager, "alice", "wire");
      const seen = `/root/tunnel on worker-1 says: ${stdout.trim() || "nothing"}`;
      const hint = "One line of three words: VNI, alice's MAC address, address of her host.";
      return alice && Number(vni) === (await vniOf(manager, "wire")) && mac === alice.mac && address === manager.address
        ? pass(`${seen}, and so it is`)
        : fail(seen, hint);
    },
  },
  {
    id: "mtu-proved",
    step: 5,
    title: "The largest unfragmented ping on wire is known",
    run: async (context) => {
      const { manager, worker } = both(context);
      const size = Number((await manager.run("cat /root/largest-ping")).stdout.trim() || NaN);
      if (!Number.isInteger(size))
        return fail("manager-1 has no number in /root/largest-ping", "Work it out and write it there.");
      const bob = await endpointOf(worker, "bob", "wire");
      if (!bob) return fail("bob is not on wire", joinBoth("wire", "alice", "bob"));
      const ping = async (bytes: number) => {
        const sandbox = `$(docker inspect alice --format '{{ .NetworkSettings.SandboxKey }}')`;
        return (
          (await manager.run(`nsenter --net=${sandbox} ping -c 1 -W 2 -M do -s ${bytes} ${bob.address}`)).code === 0
        );
      };
      const [fits, oneMoreFits] = [await ping(size), await ping(size + 1)];
      const seen = `a ping of ${size} bytes ${fits ? "passes" : "does not pass"}, of ${size + 1} ${oneMoreFits ? "passes, too" : "does not"}`;
      return fits && !oneMoreFits
        ? pass(seen)
        : fail(seen, "Take the IP and ICMP headers off the MTU of eth0 in alice.");
    },
  },
  {
    id: "narrow-fits-its-path",
    step: 5,
    title: "narrow has the MTU for a path of 1400 bytes",
    run: async (context) => {
      const { manager } = both(context);
      if (!(await endpointOf(manager, "erin", "narrow")))
        return fail("erin is not on narrow", "Start erin on manager-1, with --network narrow.");
      const mtu = (await manager.run("docker exec erin cat /sys/class/net/eth0/mtu")).stdout.trim();
      const seen = `eth0 of erin has an MTU of ${mtu}, on a path of 1400`;
      return mtu === "1350"
        ? pass(seen)
        : fail(seen, "Docker takes VXLAN's 50 bytes off by itself: give it the path's MTU.");
    },
  },
  {
    id: "sealed-is-encrypted",
    step: 6,
    title: "sealed is an encrypted overlay with carol and dave on it",
    run: async (context) => {
      const { manager, worker } = both(context);
      const sealed = await findOverlay(manager, "sealed");
      if (!sealed) return fail("there is no overlay network sealed", "Make it on manager-1.");
      if (!["", "true", "1"].includes(sealed.Options?.encrypted ?? "false"))
        return fail("sealed is not encrypted", "Remove it and make it with --opt encrypted.");
      const carol = await endpointOf(manager, "carol", "sealed");
      const dave = await endpointOf(worker, "dave", "sealed");
      return carol && dave
        ? pass(`sealed is encrypted; carol has ${carol.address}, dave has ${dave.address}`)
        : fail("carol and dave are not both on sealed", joinBoth("sealed", "carol", "dave"));
    },
  },
  {
    id: "payload-sealed",
    step: 6,
    title: "A capture that shows the plain overlay's page shows of the encrypted overlay ESP and nothing else",
    run: async (context) => {
      const { manager, worker } = both(context);
      const lacking = [manager, worker].filter((host) => !host.capabilities.esp).map((host) => host.name);
      if (lacking.length > 0)
        return notApplicable(
          `the kernel of ${lacking.join(" and ")} has no ESP, so an encrypted overlay carries nothing`,
        );
      const page = await manager.run(fetchPage("carol", "dave"));
      if (page.code !== 0)
        return fail(`carol got no page from dave: ${page.stderr.trim()}`, "Does dave run a web server?");
      const capture = await readCapture(worker, "/root/sealed.pcap");
      if (!capture)
        return fail("worker-1 has no /root/sealed.pcap", "tcpdump -w /root/sealed.pcap 'esp or udp port 4789'");
      const postcard = await manager.run(fetchPage("alice", "bob"));
      if (firstLine(postcard.stdout) === firstLine(page.stdout))
        return fail(
          "dave serves the same page as bob",
          "Give dave a page of his own, or the two cannot be told apart.",
        );
      const between = (one: CheckHost, other: CheckHost) =>
        capture.esp.filter(({ from, to }) => from === one.address && to === other.address).length;
      const [arrived, sent] = [between(manager, worker), between(worker, manager)];
      const control = readableIn(capture, await vniOf(manager, "wire"), postcard.stdout);
      const vni = await vniOf(manager, "sealed");
      const plain = capture.vxlan.filter((packet) => packet.vni === vni).length;
      const leaked = capture.text.includes(firstLine(page.stdout));
      const seen = `${arrived} ESP packets arrived and ${sent} were sent, ${plain} packets of sealed are plain; dave's page can${leaked ? "" : "not"} be read, bob's can${control > 0 ? "" : "not"}`;
      if (plain > 0 || leaked) return fail(seen, "Is sealed made with --opt encrypted? Capture again.");
      return arrived > 0 && sent > 0 && control > 0
        ? pass(seen)
        : fail(
            seen,
            "Capture again, with the filter `esp or udp port 4789`, while carol and alice both fetch their pages.",
          );
    },
  },
];

export default checks;

const fetchPage = (from: string, to: string) => `docker exec ${from} wget -q -T 5 -O - http://${to}/`;
const firstLine = (page: string) => page.split("\n")[0] ?? "";

/** How many packets of an overlay hold the first line of a page. */
function readableIn({ vxlan }: Capture, vni: number | undefined, page: string): number {
  const line = firstLine(page);
  return line ? vxlan.filter((packet) => packet.vni === vni && packet.text.includes(line)).length : 0;
}
