import { judge, look, refuseProblems } from "../doctor/examine.ts";
import { outerEngine } from "../engine/outer.ts";
import type { Price } from "../stacks/ec2/price.ts";
import { MachineError } from "../stacks/machineError.ts";
import type { Stack } from "../stacks/stack.ts";
import type { TargetName } from "../stacks/target.ts";
import { VisibleError } from "../stacks/visibleError.ts";

/** What a look at where a stack will stand showed before anything is made. */
export interface Outlook {
  /** What could not be looked at, and why. */
  unseen: string[];
  /** Refuses what `up` would. @throws MachineError or VisibleError. */
  refuse: () => void;
}

/** Looks at where a stack will stand, and makes nothing there. What does not answer is told, and refuses nothing. */
export const lookAhead = (stack: Stack, price?: Price): Promise<Outlook> => looks[stack.plan.target](stack, price);

type Look = (stack: Stack, price?: Price) => Promise<Outlook>;

const lookAtEngine: Look = async (stack) => {
  const url = stack.engineUrl();
  try {
    const facts = await look(await outerEngine(url), { url, build: false });
    return {
      unseen: "unseen" in facts.machine ? [`the engine's machine (${facts.machine.unseen})`] : [],
      refuse: () => void refuseProblems(judge(facts, stack), stack),
    };
  } catch (error) {
    return { unseen: [`the engine (${reasonOf(error)})`], refuse: () => undefined };
  }
};

const looks: Record<TargetName, Look> = {
  container: lookAtEngine,
  vm: lookAtEngine,
  async ssh({ plan }) {
    const { readIdentity } = await import("../provider/machine/session.ts");
    const wrong = await readIdentity(plan.ssh?.identity ?? "").then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    return {
      unseen: ["the machines (`./drydock doctor` looks at them)"],
      refuse() {
        if (wrong) throw new VisibleError(wrong.message);
      },
    };
  },
  async ec2({ plan }, price) {
    const { refuseOver } = await import("../stacks/ec2/price.ts");
    const { vpcClash } = await import("../stacks/ec2/vpcs.ts");
    const unseen: string[] = [];
    const clash = await vpcClash(plan).catch((error: unknown) => {
      unseen.push(`the VPCs that exist (${reasonOf(error)})`);
    });
    return {
      unseen,
      refuse() {
        if (plan.budget !== undefined && price !== undefined) refuseOver(plan.budget, price, plan.stack);
        if (clash) throw clash;
      },
    };
  },
};

/** Why something could not be looked at, in a line. @throws whatever is no matter of the machine. */
function reasonOf(error: unknown): string {
  if (!(error instanceof MachineError)) throw error;
  return error.details[0] ?? error.summary;
}
