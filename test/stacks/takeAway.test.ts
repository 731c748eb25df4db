import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { homeLabel } from "../../stacks/home.ts";
import { engineSite } from "../../stacks/engineSite.ts";
import { takeAway } from "../../stacks/takeAway.ts";
import { fakeEngine } from "../engine/fakeEngine.ts";
import { temporaryFolder } from "../temporaryFolder.ts";

afterEach(() => vi.unstubAllEnvs());

test("settings that are no YAML keep nothing from going", async () => {
  const home = await temporaryFolder();
  vi.stubEnv("DRYDOCK_HOME", home);
  vi.stubEnv("HOME", home);
  vi.stubEnv("DOCKER_CONFIG", "");
  await mkdir(join(home, "settings"));
  await writeFile(join(home, "settings", "broken.yaml"), "config: [");
  const labels = {
    "drydock.project": "drydock",
    "drydock.stack": "broken",
    "drydock.home": homeLabel(),
  };
  const { url, requests } = await fakeEngine(({ route }) => {
    if (route === "GET /networks") return { status: 200, json: [{ Id: "n1", Name: "drydock-broken", Labels: labels }] };
    return route === "DELETE /networks/n1"
      ? { status: 204 }
      : { status: 200, json: route === "GET /volumes" ? { Volumes: [] } : [] };
  });
  const notes: string[] = [];
  const step = () => ({ progress: () => undefined, done: () => undefined, fail: () => undefined });

  const stuck = await takeAway([engineSite(url)], "broken", undefined, {
    step,
    note: (text) => notes.push(text),
  });

  expect(stuck).toEqual([]);
  expect(requests.map(({ route }) => route)).toContain("DELETE /networks/n1");
  expect(notes.join()).toContain("going on by labels");
});
