import { afterAll } from "vitest";
import { hostContract } from "../../contract/hostKind.ts";
import { existingMachines, type ExistingMachines } from "../support/existingMachines.ts";
import { machinesLab } from "./machinesLab.ts";

let machines: ExistingMachines | undefined;

afterAll(() => machines?.remove());

hostContract("ssh", async () => {
  machines = await existingMachines("contract-ssh");
  return machinesLab(machines);
});
