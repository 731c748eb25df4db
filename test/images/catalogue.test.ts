import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { catalogue, pinned, serviceImage, withoutRecipe, type ServiceImage } from "../../images/catalogue.ts";
import { readFolder } from "../../images/folder.ts";
import { hostKinds } from "../../images/hostKinds.ts";
import { versionOf } from "../../images/goPrograms.ts";
import { baseImage } from "../../images/image.ts";
import { repositoryPath } from "../../images/mirror.ts";

const images = fileURLToPath(new URL("../../images", import.meta.url));
const entries = await readdir(images, { withFileTypes: true });
const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);

const kinds = Object.values(hostKinds).map(({ image }) => image);
const services: [string, ServiceImage][] = Object.entries(catalogue);

test("every image that can be built has its folder, and every folder is such an image or a host's", () => {
  const built = services.filter(([, { noRecipe }]) => noRecipe === undefined).map(([name]) => name);
  expect(folders.sort()).toEqual([...built, ...kinds].sort());
});

describe.each(services.filter(([, { go }]) => go))("the programs of %s", (name, { go, upstream }) => {
  const version = versionOf(upstream);
  const files = async (folder = name) =>
    new Map((await readFolder(`${images}/${folder}`)).map((file) => [file.path, String(file.content)]));

  test("come of the version that is pulled, with every module pinned", async () => {
    const module = await files(go?.module);
    expect(module.get("go.mod")).toContain(` v${version}`);
    expect(
      module
        .get("go.sum")
        ?.split("\n")
        .filter((line) => line.includes(` v${version} h1:`)),
    ).not.toEqual([]);
  });

  test("are what the Dockerfile copies", async () => {
    const copied = [...((await files()).get("Dockerfile") ?? "").matchAll(/^COPY (?!--)(\S+)/gm)].map(
      ([, file]) => file,
    );
    expect(copied).toEqual(go?.programs.map(({ binary }) => binary));
  });
});

test("our collector says the version of its modules", async () => {
  const main = (await readFolder(`${images}/otel-collector`)).find(({ path }) => path === "main.go");
  expect(String(main?.content)).toContain(`const version = "${versionOf(catalogue["otel-collector"].upstream)}"`);
});

test("an image is pulled by the digest that was recorded for its version, and by its version alone without one", () => {
  const { nginx } = catalogue;
  expect(pinned(nginx, {})).toBe(nginx.upstream);
  expect(pinned(nginx, { [nginx.upstream]: "sha256:abc" })).toBe(`${nginx.upstream}@sha256:abc`);
});

test("what only a registry has is told with its reason", () => {
  expect(withoutRecipe(["nginx", "grafana", "loki"])).toEqual([
    { name: "grafana", reason: catalogue.grafana.noRecipe },
  ]);
});

test("no name is served twice", () => {
  const names = Object.values(catalogue).flatMap((image) => image.names);
  expect(new Set(names).size).toBe(names.length);
});

test("an unknown name answers with the known ones", () => {
  expect(() => serviceImage("ngnix")).toThrow(/no image "ngnix"[\s\S]*busybox, cadvisor, cosign, debian, grafana/);
});

describe.each(folders)("images/%s", (folder) => {
  test("is built from the base image or one of ours, and each of its stages is marked as cache before anything else", async () => {
    const files = await readFolder(`${images}/${folder}`);
    const dockerfile = String(files.find(({ path }) => path === "Dockerfile")?.content);
    const stages = dockerfile.split(/^(?=FROM )/m).filter((stage) => stage.startsWith("FROM "));
    for (const stage of stages) expect(stage.split("\n")[1]).toBe(`LABEL drydock.cache=image drydock.image=${folder}`);
    expect(stages[0]).toMatch(new RegExp(`^FROM (${baseImage}|\\$BASE)( |\n)`));
  });

  test("says that it is not what is pulled in its place", async () => {
    if (!Object.keys(catalogue).includes(folder)) return;
    const files = await readFolder(`${images}/${folder}`);
    const dockerfile = String(files.find(({ path }) => path === "Dockerfile")?.content);
    expect(dockerfile).toMatch(/org\.opencontainers\.image\.description=".*not [\w ]+'s image"/);
    expect(dockerfile).toContain("drydock.origin=bootstrap");
  });
});

test.each([
  ["nginx:latest", "library/nginx:latest"],
  ["grafana/loki:3", "grafana/loki:3"],
])("Docker Hub has %s at %s", (name, path) => {
  expect(repositoryPath(name)).toBe(path);
});
