import type Docker from "dockerode";
import { afterAll, beforeAll, expect, test } from "vitest";
import { outerEngine } from "../../engine/outer.ts";
import type { SshSession } from "../../engine/ssh.ts";
import { giveImages } from "../../images/giveImages.ts";
import { ensureImage } from "../../images/image.ts";
import { push } from "../../images/mirror.ts";
import { liveHost, ready } from "../images/liveHost.ts";

/** A host with an empty engine, whose registry is one of ours with Docker Hub's busybox in it, by name: the image is ours. */
const name = `imgtest-given-${process.pid}`;
const upstream = "busybox:1.37.0-glibc";
let engine: Docker;
let registry: Docker.Container;
let container: Docker.Container;
let session: SshSession;

beforeAll(async () => {
  engine = await outerEngine();
  const { tag: image } = await ensureImage(engine, "host");
  const { tag: registryImage } = await ensureImage(engine, "registry");
  const { tag: busybox } = await ensureImage(engine, "busybox");
  registry = await engine.createContainer({
    name: `${name}-registry`,
    Image: registryImage,
    HostConfig: { PortBindings: { "5000/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }] } },
  });
  await registry.start();
  const { Ports: ports, Networks: networks } = (await registry.inspect()).NetworkSettings;
  await push(engine, busybox, `127.0.0.1:${ports["5000/tcp"]?.[0]?.HostPort}/library/${upstream}`);
  const mirror = `${networks.bridge?.IPAddress}:5000`;
  const host = await liveHost(engine, { name, image, network: "bridge", mirror });
  container = host.container;
  session = await ready(await host.start());
  // What the mirror has not is nowhere.
  await session.run("echo 127.0.0.1 registry-1.docker.io >> /etc/hosts");
});

afterAll(async () => {
  session.close();
  for (const made of [container, registry]) await made.remove({ force: true, v: true });
  await engine.getVolume(`${name}-docker`).remove();
});

/** Names of the images that the host has. */
const held = async (): Promise<string[]> =>
  (await session.engine().listImages()).flatMap(({ RepoTags }) => RepoTags ?? []).toSorted();

test("a host pulls the lab's images by their exact versions, and has them under the lab's names; a second time is none", async () => {
  expect(await giveImages(session.engine(), { images: ["busybox"] })).toEqual(["busybox"]);

  expect(await held()).toEqual(["busybox:1", upstream, "busybox:latest"]);
  expect(await giveImages(session.engine(), { images: ["busybox"] })).toEqual([]);
});

test("what no registry has is named, with what to do", async () => {
  await expect(giveImages(session.engine(), { images: ["haproxy"] })).rejects.toThrow(
    /^haproxy:3\.0\.11 could not be pulled: .*set drydock:images to bootstrap/s,
  );
});

test("what another engine builds is carried over; what the host has of that name stays, and what has no recipe is left out", async () => {
  const own = await session.engine().getImage("busybox:1").inspect();
  await session.engine().getImage("busybox:1").tag({ repo: "nginx", tag: "1" });

  const given = await giveImages(session.engine(), { images: ["nginx", "grafana", "busybox"], from: engine });

  expect(given).toEqual(["nginx"]);
  expect(await held()).toEqual(["busybox:1", upstream, "busybox:latest", "nginx:1", "nginx:latest"]);
  const [kept, carried] = await Promise.all(
    ["nginx:1", "nginx:latest"].map((tag) => session.engine().getImage(tag).inspect()),
  );
  expect(kept?.Id).toBe(own.Id);
  expect(carried?.Id).not.toBe(own.Id);
});
