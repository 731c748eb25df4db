import { expect, test } from "vitest";
import { labBridge, type LabBridgeInputs } from "../../provider/resources/labBridge.ts";
import { fakeEngine, type FakeEngine } from "../engine/fakeEngine.ts";

const labels = {
  "drydock.project": "drydock",
  "drydock.stack": "dev",
  "drydock.home": "box:/home",
  "drydock.lab": "x",
};

function inputsFor({ url }: FakeEngine): LabBridgeInputs {
  return { engineUrl: url, name: "drydock-dev", subnet: "10.64.0.0/24", gateway: "10.64.0.1", labels };
}

/** An engine that has that network of our name, or none. */
function engineWith(found?: object, removal = 204) {
  return fakeEngine(({ route }) => {
    if (route === "GET /networks/new") return { status: 200, json: { Id: "new" } };
    if (route.startsWith("GET ")) return found ? { status: 200, json: found } : { status: 404 };
    return route.startsWith("DELETE ") ? { status: removal } : { status: 201, json: { Id: "new" } };
  });
}

const routesOf = ({ requests }: FakeEngine) =>
  requests.map(({ route }) => route).filter((route) => !route.startsWith("GET "));
const ours = { Id: "old", Labels: labels, IPAM: { Config: [{ Subnet: "10.64.0.0/24" }] } };

test("a network has its addresses and labels, and no second of its name", async () => {
  const engine = await engineWith();

  const { id } = await labBridge.create(inputsFor(engine));

  expect(id).toBe("new");
  expect(JSON.parse(engine.requests.at(-1)?.body.toString() ?? "")).toMatchObject({
    Name: "drydock-dev",
    Driver: "bridge",
    CheckDuplicate: true,
    Labels: labels,
    IPAM: { Config: [{ Subnet: "10.64.0.0/24", Gateway: "10.64.0.1" }] },
  });
});

test("one that an interrupted run left is taken over", async () => {
  const engine = await engineWith(ours);

  expect(await labBridge.create(inputsFor(engine))).toEqual({ id: "old", outputs: { networkId: "old" } });
  expect(routesOf(engine)).toEqual([]);
});

test.each([
  ["addresses", { ...ours, IPAM: { Config: [{ Subnet: "10.65.0.0/24" }] } }],
  ["labels", { ...ours, Labels: { ...labels, "drydock.lab": "y" } }],
])("one of ours with other %s is made anew", async (_, found) => {
  const engine = await engineWith(found);

  expect((await labBridge.create(inputsFor(engine))).id).toBe("new");
  expect(routesOf(engine)).toEqual(["DELETE /networks/old", "POST /networks/create"]);
});

test.each([
  ["another home's", { ...labels, "drydock.home": "box:/other" }, "its holder: box:/other"],
  ["a stranger's", {}, "its holder: not Drydock"],
])("%s is left alone, and its holder named", async (_, theirs, holder) => {
  const engine = await engineWith({ ...ours, Labels: theirs });

  await expect(labBridge.create(inputsFor(engine))).rejects.toThrow(holder);
  expect(routesOf(engine)).toEqual([]);
});

test("reading sees whether it is there", async () => {
  const [there, gone] = [await engineWith(ours), await engineWith()];

  expect(await labBridge.read?.("old", { ...inputsFor(there), networkId: "old" })).toEqual({ networkId: "old" });
  expect(await labBridge.read?.("old", { ...inputsFor(gone), networkId: "old" })).toBeUndefined();
});

test("deleting one that is gone is fine, one that is in use is an error", async () => {
  const [gone, busy] = [await engineWith(ours, 404), await engineWith(ours, 403)];

  await labBridge.delete?.("old", { ...inputsFor(gone), networkId: "old" });
  await expect(labBridge.delete?.("old", { ...inputsFor(busy), networkId: "old" })).rejects.toThrow("status 403");
});
