import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { listeningPorts, parseLsof, parseSs, parseTcp } from "../../doctor/gather/listeningPorts.ts";
import { parseLook } from "../../doctor/gather/machineFacts.ts";
import { parseRoutes } from "../../doctor/gather/routes.ts";

test("what look.sh printed is read, absent features as missing", () => {
  const output =
    "memoryAvailableMib 22762\ndiskFreeMib 67250\nmax_user_instances 128\nmax_user_watches 192536\nvxlan yes\n";
  expect(parseLook(output)).toEqual({
    memoryAvailableMib: 22762,
    diskFreeMib: 67250,
    inotifyInstances: 128,
    inotifyWatches: 192536,
    capabilities: { vxlan: true, ipvs: false, esp: false, macvlan: false, apparmor: false },
  });
});

test("a look that told nothing of the memory is no look", () => {
  expect(parseLook("diskFreeMib 67250\nmax_user_instances 128\nmax_user_watches 1\nvxlan yes")).toEqual({
    unseen: "nothing was told of memoryAvailableMib",
  });
});

test("ss: ports of all addresses, with the process where it is told", () => {
  const output = [
    'LISTEN 0      511    127.0.0.1:43571 0.0.0.0:* users:(("MainThread",pid=24091,fd=22))',
    "LISTEN 0      128      0.0.0.0:2024  0.0.0.0:*",
    'LISTEN 0      4096        [::]:80       [::]:* users:(("nginx",pid=9,fd=6),("nginx",pid=8,fd=6))',
  ].join("\n");
  expect(parseSs(output)).toEqual([
    { port: 43571, holder: "process MainThread (pid 24091)" },
    { port: 2024, holder: undefined },
    { port: 80, holder: "process nginx (pid 9)" },
  ]);
});

test("ports are read from the kernel's own table, the listening ones alone", () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:105D 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 7001 1 0 100 0 0 10 0
   1: 0100007F:B3A2 0100007F:105D 01 00000000:00000000 00:00000000 00000000  1000        0 7002 1 0 20 4 30 10 -1
   2: 00000000000000000000000001000000:0016 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 0
`;
  expect(parseTcp(table)).toEqual([{ port: 4189 }, { port: 22 }]);
});

test.runIf(process.platform === "linux")("a port is found on a machine without ss", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  vi.stubEnv("PATH", "");
  onTestFinished(() => void vi.unstubAllEnvs());

  expect(await listeningPorts()).toContainEqual({ port });
});

test("lsof: each port with its process", () => {
  expect(parseLsof("p312\ncnode\nf21\nn127.0.0.1:4173\nf22\nn*:8080\np400\ncsshd\nf3\nn[::1]:22\n")).toEqual([
    { port: 4173, holder: "process node (pid 312)" },
    { port: 8080, holder: "process node (pid 312)" },
    { port: 22, holder: "process sshd (pid 400)" },
  ]);
});

test("the kernel's routing table", () => {
  const table = [
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
    "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0",
    "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0",
    "tun0\t0000C00A\t00000000\t0001\t0\t0\t0\t0000E0FF\t0\t0\t0",
    "wg0\t0501A8C0\t00000000\t0005\t0\t0\t0\tFFFFFFFF\t0\t0\t0",
  ].join("\n");
  expect(parseRoutes(`${table}\n`)).toEqual([
    { destination: "default", device: "eth0" },
    { destination: "172.17.0.0/16", device: "docker0" },
    { destination: "10.192.0.0/11", device: "tun0" },
    { destination: "192.168.1.5/32", device: "wg0" },
  ]);
});
