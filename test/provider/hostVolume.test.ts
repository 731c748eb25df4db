import { expect, test } from "vitest";
import { hostVolume, type HostVolumeInputs } from "../../provider/resources/hostVolume.ts";
import { fakeEngine, type FakeEngine } from "../engine/fakeEngine.ts";

const labels = {
  "drydock.project": "drydock",
  "drydock.stack": "dev",
  "drydock.home": "box:/home",
  "drydock.layers": "layers-1",
};
const name = "drydock-dev-a-docker";

const inputsFor = ({ url }: FakeEngine): HostVolumeInputs => ({ engineUrl: url, name, labels });

/** An engine that has that volume of our name, or none. */
function engineWith(found?: object, removal = 204) {
  return fakeEngine(({ route }) => {
    if (route.startsWith("GET ")) return found ? { status: 200, json: { Name: name, ...found } } : { status: 404 };
    return route.startsWith("DELETE ") ? { status: removal } : { status: 201, json: { Name: name } };
  });
}

const routesOf = ({ requests }: FakeEngine) =>
  requests.map(({ route }) => route).filter((route) => !route.startsWith("GET "));

test("a volume has its name and labels", async () => {
  const engine = await engineWith();

  expect(await hostVolume.create(inputsFor(engine))).toEqual({ id: name, outputs: {} });
  expect(JSON.parse(engine.requests.at(-1)?.body.toString() ?? "")).toEqual({ Name: name, Labels: labels });
});

test("one that an interrupted run left is taken over", async () => {
  const engine = await engineWith({ Labels: labels });

  await hostVolume.create(inputsFor(engine));

  expect(routesOf(engine)).toEqual(["POST /volumes/create"]);
});

test("one of ours for another layer store is made anew", async () => {
  const engine = await engineWith({ Labels: { ...labels, "drydock.layers": "layers-0" } });

  await hostVolume.create(inputsFor(engine));

  expect(routesOf(engine)).toEqual([`DELETE /volumes/${name}`, "POST /volumes/create"]);
});

test.each([
  ["another home's", { ...labels, "drydock.home": "box:/other" }, "its holder: box:/other"],
  ["a stranger's", null, "its holder: not Drydock"],
])("%s is left alone, and its holder named", async (_, theirs, holder) => {
  const engine = await engineWith({ Labels: theirs });

  await expect(hostVolume.create(inputsFor(engine))).rejects.toThrow(holder);
  expect(routesOf(engine)).toEqual([]);
});

test("reading sees whether it is there", async () => {
  const [there, gone] = [await engineWith({ Labels: labels }), await engineWith()];

  expect(await hostVolume.read?.(name, inputsFor(there))).toEqual({});
  expect(await hostVolume.read?.(name, inputsFor(gone))).toBeUndefined();
});

test("deleting one that is gone is fine, one that is in use is an error", async () => {
  const [gone, busy] = [await engineWith({}, 404), await engineWith({}, 409)];

  await hostVolume.delete?.(name, inputsFor(gone));
  await expect(hostVolume.delete?.(name, inputsFor(busy))).rejects.toThrow("status 409");
});
