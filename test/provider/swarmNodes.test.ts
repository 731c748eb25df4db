import Docker from "dockerode";
import { expect, test } from "vitest";
import { retire } from "../../provider/resources/swarmNodes.ts";
import { fakeEngine, type Answer } from "../engine/fakeEngine.ts";

const noLeader = { status: 500, json: { message: "rpc error: The swarm does not have a leader." } };
const node = (Availability: string) => ({
  status: 200,
  json: [{ ID: "n1", Version: { Index: 7 }, Spec: { Role: "worker", Availability }, Status: { State: "ready" } }],
});

test("a node is retired though its managers elect a leader meanwhile", async () => {
  const lists: Answer[] = [noLeader, node("active"), node("active"), node("drain")];
  const updates: Answer[] = [noLeader, { status: 200, json: {} }];
  const { socket, requests } = await fakeEngine(({ route }) =>
    route === "GET /nodes" ? lists.shift() : updates.shift(),
  );

  await retire(new Docker({ socketPath: socket }), "n1", 10);

  expect(requests.filter(({ route }) => route === "POST /nodes/n1/update")).toHaveLength(2);
});

test("any other refusal is told", async () => {
  const { socket } = await fakeEngine(() => ({ status: 503, json: { message: "This node is not a swarm manager." } }));

  await expect(retire(new Docker({ socketPath: socket }), "n1", 10)).rejects.toThrow("not a swarm manager");
});
