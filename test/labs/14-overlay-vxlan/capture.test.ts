import { expect, it } from "vitest";
import { parseCapture } from "../../../labs/14-overlay-vxlan/capture.ts";

/** What tcpdump 4.99 printed, on a real overlay and of a real ESP packet's form. */
const printed = `12:00:00.755998 eth0  In  IP 10.255.0.11.40998 > 10.255.0.12.4789: VXLAN, flags [I] (0x08), vni 4097
IP 10.254.129.2 > 10.254.129.4: ICMP echo request, id 24, seq 1, length 64
E....x..@............&..p...........
12:00:00.756036 eth0  Out IP 10.255.0.12.40998 > 10.255.0.11.4789: VXLAN, flags [I] (0x08), vni 4098
IP 10.254.130.4.80 > 10.254.130.2.45380: Flags [P.], seq 1:9, ack 1, win 63, length 8
E....a postcard.
12:00:01.000000 eth0  In  IP 10.255.0.11 > 10.255.0.12: ESP(spi=0x7d0a1c2b,seq=0x1), length 164
12:00:02.000000 eth0  In  IP 10.255.0.11.53 > 10.255.0.12.4000: UDP, length 12
`;

it("finds outer addresses, VNI and the frame inside of each VXLAN packet", () => {
  const { vxlan } = parseCapture(printed);
  expect(vxlan).toMatchObject([
    {
      from: "10.255.0.11",
      to: "10.255.0.12",
      vni: 4097,
      inner: { from: "10.254.129.2", to: "10.254.129.4" },
    },
    {
      from: "10.255.0.12",
      to: "10.255.0.11",
      vni: 4098,
      inner: { from: "10.254.130.4", to: "10.254.130.2" },
    },
  ]);
  expect(vxlan.map(({ text }) => text.includes("a postcard"))).toEqual([false, true]);
});

it("finds ESP packets, and keeps the text", () => {
  const capture = parseCapture(printed);
  expect(capture.esp).toEqual([{ from: "10.255.0.11", to: "10.255.0.12" }]);
  expect(capture.text).toContain("a postcard");
});

it("finds nothing in nothing", () => {
  expect(parseCapture("")).toEqual({ vxlan: [], esp: [], text: "" });
});
