import { describe, expect, it } from "vitest";
import type { NetworkState } from "../../../labs/engineState.ts";
import { edit, expectFail, say, verdictOf } from "../verdicts.ts";
import { vniOf } from "../../../labs/14-overlay-vxlan/overlay.ts";
import { replay, type Changes } from "../replay.ts";

const slug = "overlay-vxlan";
const vniOption = "com.docker.network.driver.overlay.vxlanid_list";

/** Changes one overlay as the manager lists it. */
const editNetwork = (name: string, change: Partial<NetworkState>) =>
  edit("/networks", (networks) =>
    networks.map((network) => (network.Name === name ? { ...network, ...change } : network)),
  );

/** A capture of packets between others than alice and bob, the tenths of whose addresses are changed. */
const aliceIsAnother: Changes["run"] = (command, result) =>
  result && command.includes("wire.pcap")
    ? { ...result, stdout: result.stdout.replaceAll(/^(IP \S+\.)2(\.\d+ > )/gm, "$199$2") }
    : result;

it.each<[string, RegExp, Changes]>([
  ["wire-is-attachable", /^there is no overlay network wire/, edit("/networks", () => [])],
  ["wire-is-attachable", /^there is no overlay network wire/, editNetwork("wire", { Driver: "bridge" })],
  ["wire-is-attachable", /^wire is not attachable/, editNetwork("wire", { Attachable: false })],
  ["alice-reaches-bob", /not both on wire/, edit("/containers", () => [])],
  ["alice-reaches-bob", /got no page from bob: bad address/, say(/wget/, { code: 1, stderr: "bad address" })],
  ["vxlan-captured", /has no \/root\/wire\.pcap/, say(/tcpdump/, { code: 3 })],
  ["vxlan-captured", /0 from manager-1 .* VNI 4242 of wire/, editNetwork("wire", { Options: { [vniOption]: "4242" } })],
  ["vxlan-captured", /could not look: .*cannot read .*truncated/, say(/tcpdump/, { code: 1, stderr: "truncated" })],
  ["vxlan-captured", /[1-9]\d* from manager-1 .* 0 of them from alice to bob/, { run: aliceIsAnother }],
  [
    "payload-readable",
    /no packet of wire holds the words: a postcard/,
    editNetwork("wire", { Options: { [vniOption]: "4242" } }),
  ],
  ["payload-readable", /no packet of wire holds the words: another page/, say(/wget/, { stdout: "another page\n" })],
  ["payload-readable", /no page to look for/, say(/wget/, { code: 1 })],
  ["tunnel-found", /says: nothing$/, say(/\/root\/tunnel/, { code: 1 })],
  ["tunnel-found", /says: 1 2 3$/, say(/\/root\/tunnel/, { stdout: "1 2 3\n" })],
  ["mtu-proved", /no number/, say(/largest-ping/, { stdout: "large\n" })],
  ["mtu-proved", /of 1422 bytes does not pass/, say(/nsenter/, { code: 1 })],
  ["mtu-proved", /of 1422 bytes passes, of 1423 passes, too/, say(/nsenter/, {})],
  ["narrow-fits-its-path", /erin is not on narrow/, edit("/containers", () => [])],
  ["narrow-fits-its-path", /MTU of 1300/, say(/mtu/, { stdout: "1300\n" })],
  ["sealed-is-encrypted", /sealed is not encrypted/, editNetwork("sealed", { Options: {} })],
  ["sealed-is-encrypted", /sealed is not encrypted/, editNetwork("sealed", { Options: { encrypted: "false" } })],
  ["sealed-is-encrypted", /not both on sealed/, edit("/containers", () => [])],
])("%s fails: %s", (id, evidence, changes) => expectFail(slug, id, evidence, changes));

describe("payload-sealed", () => {
  const can = { esp: true };
  const changed = (change: (capture: string) => string) =>
    verdictOf(slug, "payload-sealed", {
      can,
      run: (command, result) =>
        result && command.includes("sealed.pcap") ? { ...result, stdout: change(result.stdout) } : result,
    });

  it("is not applicable without ESP, and says whose kernel lacks it", async () => {
    expect(await verdictOf(slug, "payload-sealed")).toEqual({
      verdict: "not-applicable",
      reason: expect.stringMatching(/kernel of manager-1 and worker-1 has no ESP/) as string,
    });
  });

  it("passes with ESP packets both ways, and only the page of the plain overlay", async () => {
    expect(await changed((capture) => capture)).toEqual({
      verdict: "pass",
      evidence: expect.stringMatching(
        /^[1-9]\d* ESP packets arrived and [1-9]\d* were sent, 0 packets of sealed are plain; dave's page cannot be read, bob's can$/,
      ) as string,
    });
  });

  it("fails with a plain packet of the overlay in the capture", async () => {
    const vni = await vniOf(replay(slug, "done").host("manager-1"), "sealed");
    const plain =
      `12:00:00.000001 eth0  In  IP 10.255.0.11.4000 > 10.255.0.12.4789: VXLAN, flags [I] (0x08), vni ${vni}\n` +
      "IP 10.255.19.2 > 10.255.19.4: ICMP echo request, id 24, seq 1, length 64\n";
    expect(await changed((capture) => capture + plain)).toMatchObject({
      verdict: "fail",
      evidence: expect.stringContaining("1 packets of sealed are plain") as string,
    });
  });

  it.each([
    ["the page", (capture: string) => `${capture}a letter from dave, for carol alone\n`, /dave's page can be read/],
    ["nothing at all", () => "", /^0 ESP packets/],
    ["ESP alone", (capture: string) => capture.replaceAll("VXLAN", "UDP"), /bob's cannot$/],
    ["plain packets alone", (capture: string) => capture.replaceAll("ESP", "AH"), /^0 ESP packets .* bob's can$/],
    [
      "ESP of other hosts",
      (capture: string) => capture.replaceAll(/IP \S+ > (\S+ ESP)/g, "IP 10.9.9.9 > $1"),
      /^0 ESP/,
    ],
  ])("fails with %s in the capture", async (_what, change, evidence) => {
    expect(await changed(change)).toMatchObject({
      verdict: "fail",
      evidence: expect.stringMatching(evidence) as string,
    });
  });

  it("fails where dave's page cannot be told from bob's", async () => {
    const same = { can, ...say(/wget/, { stdout: "a postcard from bob, readable by all who carry it\n" }) };
    expect(await verdictOf(slug, "payload-sealed", same)).toMatchObject({
      verdict: "fail",
      evidence: "dave serves the same page as bob",
    });
  });

  it("fails where carol gets no page", async () => {
    expect(
      await verdictOf(slug, "payload-sealed", { can, ...say(/wget/, { code: 1, stderr: "timed out" }) }),
    ).toMatchObject({ verdict: "fail", evidence: "carol got no page from dave: timed out" });
  });
});
