import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { catalogue, serviceImage } from "../../images/catalogue.ts";
import { readFolder } from "../../images/folder.ts";
import { baseImage } from "../../images/image.ts";
import { repositoryPath } from "../../images/mirror.ts";

const images = fileURLToPath(new URL("../../images", import.meta.url));
const entries = await readdir(images, { withFileTypes: true });
const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);

test("every service image has its folder, and every folder is a service image or the host", () => {
  expect(folders.sort()).toEqual([...Object.keys(catalogue), "host"].sort());
});

test("no name is served twice", () => {
  const names = Object.values(catalogue).flatMap((image) => image.names);
  expect(new Set(names).size).toBe(names.length);
});

test("an unknown name answers with the known ones", () => {
  expect(() => serviceImage("ngnix")).toThrow(/no image "ngnix"[\s\S]*busybox, debian, nginx, registry/);
});

describe.each(folders)("images/%s", (folder) => {
  test("is built from the base image, and each of its stages is marked as cache before anything else", async () => {
    const files = await readFolder(`${images}/${folder}`);
    const dockerfile = String(files.find(({ path }) => path === "Dockerfile")?.content);
    const stages = dockerfile.split(/^(?=FROM )/m);
    for (const stage of stages) expect(stage.split("\n")[1]).toBe(`LABEL drydock.cache=image drydock.image=${folder}`);
    expect(stages[0]).toMatch(new RegExp(`^FROM ${baseImage}( |\n)`));
  });

  test("says that it is not Docker Hub's", async () => {
    if (!Object.keys(catalogue).includes(folder)) return;
    const files = await readFolder(`${images}/${folder}`);
    const dockerfile = String(files.find(({ path }) => path === "Dockerfile")?.content);
    expect(dockerfile).toMatch(/org\.opencontainers\.image\.description=".*not Docker Hub's image"/);
    expect(dockerfile).toContain("drydock.origin=bootstrap");
  });
});

test.each([
  ["nginx:latest", "library/nginx:latest"],
  ["grafana/loki:3", "grafana/loki:3"],
])("Docker Hub has %s at %s", (name, path) => {
  expect(repositoryPath(name)).toBe(path);
});
