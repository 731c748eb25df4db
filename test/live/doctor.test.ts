import { expect, test } from "vitest";
import { judge, look } from "../../doctor/examine.ts";
import { engineFacts } from "../../doctor/gather/engineFacts.ts";
import { machineFacts } from "../../doctor/gather/machineFacts.ts";
import { outerEngine } from "../../engine/outer.ts";
import { ensureImage } from "../../images/image.ts";
import { swarmLab, swarmPlan } from "../cli/samples.ts";

test("looking from a container sees the same kernel as looking directly", async () => {
  const engine = await outerEngine();
  const { home } = await engineFacts(engine);
  const hostImage = async () => (await ensureImage(engine, "host")).tag;
  const here = await machineFacts(engine, home, hostImage);
  const elsewhere = await machineFacts(engine, { ...home, hostname: "another-machine" }, hostImage);
  if ("unseen" in here) throw new Error(here.unseen);
  expect(elsewhere).toMatchObject({ capabilities: here.capabilities, inotifyInstances: here.inotifyInstances });
});

test("this machine can carry a lab, everything is looked at, and nothing is left of looking", async () => {
  const engine = await outerEngine();
  const facts = await look(engine, { startContainers: true });
  expect(facts.machine).not.toHaveProperty("unseen");
  expect(facts.start).toMatchObject({ explicit: undefined });
  const findings = judge(facts, { plan: swarmPlan, lab: swarmLab });
  expect(findings.find(({ about }) => about === "host containers")?.verdict).toBe("ok");
  const left = await engine.listContainers({ all: true, filters: { label: ["drydock.cache=temporary"] } });
  expect(left.filter(({ Command }) => Command === "true")).toEqual([]);
});
