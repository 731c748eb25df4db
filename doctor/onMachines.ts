import { examine } from "../provider/resources/machines.ts";
import type { Plan } from "../stacks/plan.ts";
import { nameOfLogin, type SshPlan } from "../stacks/ssh/plan.ts";
import type { Finding } from "./facts.ts";

/** Looks whether machines that exist can be a plan's hosts. Nothing is changed on them. */
export async function examineMachines(ssh: SshPlan, { labels }: Plan): Promise<Finding[]> {
  const { mtu, problems } = await examine({ ...ssh, labels });
  const names = ssh.machines.map(({ login }) => nameOfLogin(login));
  if (problems.length === 0) {
    const between = names.length > 1 ? `; between them Swarm's ports pass, and the MTU is ${mtu} bytes` : "";
    return [{ about: "machines", verdict: "ok", seen: `${names.join(", ")} can be hosts${between}` }];
  }
  return problems.map((problem) => {
    const about = names.find((name) => problem.startsWith(`${name}: `)) ?? "machines";
    return { about, verdict: "problem", seen: problem.replace(`${about}: `, "") };
  });
}
