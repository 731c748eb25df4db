import { expect, test } from "vitest";
import { isTooFar } from "../../../provider/machine/clock.ts";
import { judge, mergedDaemon } from "../../../provider/machine/judge.ts";
import { parseSight } from "../../../provider/machine/sight.ts";

const labels = { "drydock.project": "drydock", "drydock.stack": "dev", "drydock.home": "box:/srv/drydock" };
const encoded = (text: string) => Buffer.from(text).toString("base64");

/** What look.sh prints on a machine that is fit, with other lines in their place. */
function seen(other: Record<string, string | undefined> = {}): ReturnType<typeof parseSight> {
  const lines: Record<string, string | undefined> = {
    os: "debian",
    version: "13",
    user: "0",
    engine: "26.1.5",
    swarm: "inactive",
    running: "0",
    memory: "2000",
    disk: "9000",
    owns: "10.0.0.1",
    mtu: "1450",
    permitrootlogin: "without-password",
    pubkeyauthentication: "yes",
    allowstreamlocalforwarding: "yes",
    disableforwarding: "no",
    authorizedkeysfile: ".ssh/authorized_keys .ssh/authorized_keys2",
    ...other,
  };
  return parseSight(
    Object.entries(lines)
      .flatMap(([word, value]) => (value === undefined ? [] : [`${word} ${value}\n`]))
      .join(""),
  );
}

const problems = (other: Record<string, string | undefined>, installEngine = false) =>
  judge(seen(other), { labels, address: "10.0.0.1", installEngine });

test("a machine that has all is no problem", () => {
  expect(problems({})).toEqual([]);
  expect(seen()).toMatchObject({ engine: "26.1.5", mtus: [1450], memoryMib: 2000, record: undefined });
});

test.each([
  [{ os: "alpine" }, "its system is alpine 13; allowed: debian, ubuntu"],
  [{ user: "1000" }, "sudo does not make it root"],
  [{ lacks: "perl" }, "it lacks perl"],
  [{ permitrootlogin: "no" }, "its sshd has permitrootlogin no"],
  [{ authorizedkeysfile: "/etc/ssh/keys/%u" }, "its sshd has authorizedkeysfile /etc/ssh/keys/%u"],
  [{ allowstreamlocalforwarding: "no" }, "its sshd has allowstreamlocalforwarding no"],
  [{ owns: undefined }, "none of its links has the address 10.0.0.1"],
  [
    { engine: undefined, swarm: undefined },
    "it has no Docker engine; allowed: one that answers, or drydock:installEngine",
  ],
  [{ engine: "silent", swarm: "" }, "its Docker engine does not answer"],
  [{ swarm: "active" }, "it is in a Swarm (active)"],
  [{ running: "2" }, "2 containers run on it"],
  [{ daemon: encoded("{,}") }, "its /etc/docker/daemon.json is no JSON object"],
  [{ memory: "256" }, "it has 256 MiB of memory; allowed: 384 or more"],
  [{ disk: "100" }, "it has 100 MiB of disk free"],
])("what a machine lacks is named: %o", (other, words) => {
  expect(problems(other)).toEqual([expect.stringContaining(words)]);
});

test("all that is wrong is told at once", () => {
  expect(problems({ os: "alpine", user: "1000", memory: "256" })).toHaveLength(3);
});

test("an engine may be installed where that is allowed", () => {
  expect(problems({ engine: undefined, swarm: undefined }, true)).toEqual([]);
});

test("what a stack itself made of a machine is in nobody's way, and another stack's is", () => {
  const used = { swarm: "active", running: "3" };

  expect(problems({ ...used, record: encoded(JSON.stringify(labels)) })).toEqual([]);
  expect(problems({ ...used, record: encoded(JSON.stringify({ ...labels, "drydock.stack": "other" })) })).toEqual([
    expect.stringContaining("it is a host of stack other of home box:/srv/drydock"),
  ]);
  expect(problems({ record: encoded(JSON.stringify({ ...labels, "drydock.home": "den:/home/x#0badcafe" })) })).toEqual([
    expect.stringContaining("of home den:/home/x#0badcafe"),
  ]);
});

test("an engine keeps its own settings where a host's say nothing, and its bridge's address, but no live restore", () => {
  const ours = '{"bip":"10.0.0.1/24"}';
  const daemon = encoded(JSON.stringify({ "data-root": "/srv", "live-restore": true }));

  expect(JSON.parse(mergedDaemon(seen({ daemon, bridge: "172.17.0.1/16" }), ours))).toEqual({
    bip: "172.17.0.1/16",
    "data-root": "/srv",
    "live-restore": false,
  });
  expect(JSON.parse(mergedDaemon(seen(), ours))).toEqual(JSON.parse(ours));
});

test("an engine without a bridge of its own, or with another, is given no address for it", () => {
  const daemon = encoded('{"bridge":"none"}');

  expect(JSON.parse(mergedDaemon(seen({ daemon }), '{"bip":"10.0.0.1/24"}'))).toEqual({ bridge: "none" });
});

test("clocks are too far apart only when that is sure", () => {
  expect(isTooFar({ seconds: -6, uncertainty: 0.1 })).toBe(true);
  expect(isTooFar({ seconds: 6, uncertainty: 2 })).toBe(false);
  expect(isTooFar({ seconds: 4, uncertainty: 0.1 }, { seconds: -4, uncertainty: 0.1 })).toBe(true);
});
