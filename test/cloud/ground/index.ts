import * as pulumi from "@pulumi/pulumi";
import { machines } from "../../../components/hosts/ec2/machines.ts";
import { SshKey } from "../../../components/resources.ts";
import { labs, loadLab } from "../../../labs/index.ts";
import { parseConfig } from "../../../stacks/config.ts";
import { homeLabel } from "../../../stacks/home.ts";
import { planStack } from "../../../stacks/plan.ts";

const project = pulumi.getProject();
const stack = pulumi.getStack();
const config = parseConfig(pulumi.runtime.allConfig(), { stack, labs: Object.keys(labs) });
const plan = planStack({ project, stack, config, lab: loadLab(config.lab).lab, home: homeLabel() });

const root = new pulumi.ComponentResource("drydock:index:Lab", plan.lab);
const access = new SshKey("access", { comment: plan.prefix }, { parent: root });

export const addresses = pulumi.all(machines({ plan, access, parent: root }).map((made) => made.publicAddress));
export const { privateKey } = access;
