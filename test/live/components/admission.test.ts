import { afterAll, beforeAll, expect, test } from "vitest";
import { PrivateRegistry } from "../../../components/registry/privateRegistry.ts";
import { StackAuthority } from "../../../components/stackAuthority.ts";
import type { TestHost, TestLab } from "../provider/testLab.ts";
import { liveHosts } from "./liveHosts.ts";
import { makeLive, type LiveResource } from "./liveProgram.ts";

let lab: TestLab;
/** Has the registry, pushes and signs. */
let hub: TestHost;
/** Has an account that may only pull. */
let prod: TestHost;
let made: Map<string, LiveResource>;

beforeAll(async () => {
  const up = await liveHosts("admission", ["hub", "prod"], ["busybox", "cosign", "nginx", "registry"]);
  lab = up.lab;
  const [ofHub, ofProd] = up.hosts;
  [hub, prod] = [ofHub.test, ofProd.test];
  await hub.run("umask 077 && mkdir /root/keys ~/.docker");
  await cosign("generate-key-pair --output-key-prefix house", false);
  const key = await hub.run("cat /root/keys/house.pub");
  ({ made } = await makeLive(
    () =>
      new PrivateRegistry("house", {
        plan: lab.plan,
        host: ofHub.labHost(),
        authority: new StackAuthority("authority"),
        accounts: [
          { name: "ci", rights: "push" },
          { name: "prod", rights: "pull" },
        ],
        trustedBy: [ofProd.labHost()],
        admission: { key },
      }),
  ));
  await login(hub, "ci");
  await login(prod, "prod");
});

afterAll(() => lab.remove());

const login = (host: TestHost, account: string) =>
  host.run(
    `docker login --username ${account} --password-stdin hub:5000 << 'END'\n${String(made.get(`house-${account}`)?.state.password)}\nEND`,
  );

/** Runs cosign on hub; with the accounts and the CA once they are there. */
const cosign = (command: string, withRegistry = true) => {
  const registry =
    "--volume ~/.docker:/docker:ro --env DOCKER_CONFIG=/docker --mount type=bind,source=/etc/docker/certs.d/hub:5000/ca.crt,target=/etc/ssl/certs/lab-ca.crt,readonly";
  const keys = "--volume /root/keys:/keys --workdir /keys --env COSIGN_PASSWORD=";
  return hub.run(
    `docker run --rm --network host --user 0:0 ${keys} ${withRegistry ? registry : ""} cosign:2.5.0 ${command}`,
  );
};

/** Pushes an image that no other is like, and gives its "name@sha256:...". */
async function push(name: string): Promise<string> {
  await hub.run(
    `printf 'FROM busybox\\nRUN echo ${name} > /name\\n' | docker build -q -t hub:5000/${name}:1 - && docker push -q hub:5000/${name}:1`,
  );
  const pinned = await hub.run(`docker image inspect --format '{{ index .RepoDigests 0 }}' hub:5000/${name}:1`);
  return pinned.replace("hub:5000/", "");
}
const sign = (image: string) => cosign(`sign --yes --key house.key --tlog-upload=false hub:5000/${image}`);
const pull = (image: string) => prod.run(`docker pull -q hub:5000/${image}`);

test("what is not admitted is refused to who may only pull, and to nobody else", async () => {
  const image = await push("plain");
  await expect(pull(image)).rejects.toThrow("not admitted: the account prod");
  await expect(pull("plain:1")).rejects.toThrow("not admitted");
  await hub.run(`docker image rm hub:5000/plain:1 && docker pull -q hub:5000/${image}`);
});

test("an image without a signature is not admitted, nor one that another key signed", async () => {
  const image = await push("unsigned");
  await expect(hub.run(`house-admit ${image}`)).rejects.toThrow(`refused: ${image} has no good signature`);
  await cosign("generate-key-pair");
  await cosign(`sign --yes --key cosign.key --tlog-upload=false hub:5000/${image}`);
  await expect(hub.run(`house-admit ${image}`)).rejects.toThrow(`refused: ${image} has no good signature`);
  await expect(pull(image)).rejects.toThrow("not admitted");
});

test("a signed one is admitted by its digest, by no tag, until it is withdrawn", async () => {
  const image = await push("signed");
  await sign(image);
  expect(await hub.run(`house-admit ${image}`)).toBe(`admit: ${image}`);
  await pull(image);
  await expect(pull("signed:1")).rejects.toThrow("not admitted");
  expect(await hub.run(`house-admit --withdraw ${image}`)).toBe(`withdraw: ${image}`);
  await expect(prod.run(`docker image rm hub:5000/${image} && docker pull -q hub:5000/${image}`)).rejects.toThrow(
    "not admitted",
  );
});

test("of an image of several platforms all are admitted", async () => {
  const parts = [await push("amd"), await push("arm")].map((image) => image.split("@")[1] ?? "");
  await hub.run(
    "docker tag hub:5000/amd:1 hub:5000/multi:amd && docker push -q hub:5000/multi:amd && docker tag hub:5000/arm:1 hub:5000/multi:arm && docker push -q hub:5000/multi:arm",
  );
  await hub.run(
    "docker manifest create hub:5000/multi:1 hub:5000/multi:amd hub:5000/multi:arm && docker manifest annotate --arch arm64 hub:5000/multi:1 hub:5000/multi:arm && docker manifest push hub:5000/multi:1 > /root/multi",
  );
  const image = `multi@${await hub.run("tail -n 1 /root/multi")}`;
  await sign(image);
  await hub.run(`house-admit ${image}`);
  await pull(image);
  for (const part of parts) await pull(`multi@${part}`);
});

test("what is no image's digest is said to be none", async () => {
  await expect(hub.run("house-admit signed:1")).rejects.toThrow('received "signed:1"');
  await expect(hub.run("house-admit")).rejects.toThrow("usage: house-admit");
});
