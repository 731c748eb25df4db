import * as iam from "@aws-sdk/client-iam";
import { tagRecord } from "./aws.ts";
import { iamPath } from "./iamPath.ts";
import type { Kind } from "./kind.ts";

const PathPrefix = iamPath;

const profiles: Kind = {
  kind: "instance profile",
  command: "iam delete-instance-profile --instance-profile-name",
  async list({ iam: client }, filters) {
    const names: string[] = [];
    for await (const { InstanceProfiles = [] } of iam.paginateListInstanceProfiles({ client }, { PathPrefix })) {
      names.push(...InstanceProfiles.flatMap(({ InstanceProfileName }) => InstanceProfileName ?? []));
    }
    const found = await Promise.all(
      names.map(async (InstanceProfileName) => {
        const { InstanceProfile } = await client.send(new iam.GetInstanceProfileCommand({ InstanceProfileName }));
        return { id: InstanceProfileName, tags: tagRecord(InstanceProfile?.Tags) };
      }),
    );
    return found.filter(({ tags }) => matches(tags, filters));
  },
  async remove({ iam: client }, InstanceProfileName) {
    const { InstanceProfile } = await client.send(new iam.GetInstanceProfileCommand({ InstanceProfileName }));
    for (const { RoleName } of InstanceProfile?.Roles ?? []) {
      await client.send(new iam.RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName }));
    }
    await client.send(new iam.DeleteInstanceProfileCommand({ InstanceProfileName }));
  },
};

const roles: Kind = {
  kind: "role",
  command: "iam delete-role --role-name",
  async list({ iam: client }, filters) {
    const names: string[] = [];
    for await (const { Roles = [] } of iam.paginateListRoles({ client }, { PathPrefix })) {
      names.push(...Roles.flatMap(({ RoleName }) => RoleName ?? []));
    }
    const found = await Promise.all(
      names.map(async (RoleName) => {
        const { Role } = await client.send(new iam.GetRoleCommand({ RoleName }));
        return { id: RoleName, tags: tagRecord(Role?.Tags) };
      }),
    );
    return found.filter(({ tags }) => matches(tags, filters));
  },
  remove: ({ iam: client }, RoleName) => client.send(new iam.DeleteRoleCommand({ RoleName })),
};

/** Whether tags are as EC2's filters ask, which IAM has not. */
const matches = (tags: Record<string, string>, filters: readonly { Name?: string; Values?: string[] }[]): boolean =>
  filters.every(({ Name = "", Values = [] }) => {
    const [, key = ""] = /^tag:(.*)$/.exec(Name) ?? [];
    const value = tags[key];
    return value !== undefined && (Values.includes("*") || Values.includes(value));
  });

/** Where there are roles, which go after the profiles that hold them. */
export const iamKinds: readonly Kind[] = [profiles, roles];
