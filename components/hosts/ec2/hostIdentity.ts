import { KeyPair } from "@pulumi/aws/ec2/index.js";
import { InstanceProfile, Role } from "@pulumi/aws/iam/index.js";
import * as pulumi from "@pulumi/pulumi";
import { iamPath } from "../../../stacks/ec2/iamPath.ts";
import { tagsOf } from "../../../stacks/ec2/tags.ts";
import type { Plan } from "../../../stacks/plan.ts";
import type { SshKey } from "../../resources.ts";

/** Longest start of a role's name that AWS gives an ending of its own. */
const maxNamePrefix = 38;

/** Allows EC2 to give an instance the role. */
const trust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

/** Who the hosts are to AWS, which is nobody: a role that has no policy. And who may log in to them. */
export class HostIdentity extends pulumi.ComponentResource {
  readonly profile: InstanceProfile;
  readonly keyPair: KeyPair;

  constructor(name: string, { plan, access }: { plan: Plan; access: SshKey }, opts?: pulumi.ComponentResourceOptions) {
    super("drydock:index:HostIdentity", name, {}, opts);
    const child = { parent: this };
    const tags = tagsOf(plan.labels);
    // Roles and key pairs are an account's, so that another home's stack of that name may have some.
    const namePrefix = `${plan.prefix}-`.slice(0, maxNamePrefix);
    const role = new Role(
      `${name}-role`,
      { namePrefix, path: iamPath, assumeRolePolicy: JSON.stringify(trust), tags },
      child,
    );
    this.profile = new InstanceProfile(`${name}-profile`, { namePrefix, path: iamPath, role: role.name, tags }, child);
    this.keyPair = new KeyPair(
      `${name}-key`,
      { keyNamePrefix: `${plan.prefix}-`, publicKey: access.publicKey, tags: { ...tags, Name: plan.prefix } },
      child,
    );
    this.registerOutputs();
  }
}
