import { paginateDescribeInstances } from "@aws-sdk/client-ec2";
import { waitFor } from "../../engine/wait.ts";
import type { Whose } from "../inventory.ts";
import { isOwn, label } from "../labels.ts";
import type { Plan } from "../plan.ts";
import type { Site, SiteObject } from "../site.ts";
import { asking, awsIn, codeOf, isGone, type Aws } from "./aws.ts";
import { pages, type Kind } from "./kind.ts";
import { kinds } from "./kinds.ts";
import { labelsOf } from "./tags.ts";

/** How long an object may take to go, and to be free of others that are going. */
const deadlineMs = 600_000;

/** What AWS says of what others hold. */
const inUse = ["DependencyViolation", "VolumeInUse", "IncorrectState", "InvalidIPAddress.InUse", "DeleteConflict"];

/** A region of EC2, where what stacks have is known by its tags. */
export function ec2Site(region: string): Site {
  const aws = awsIn(region);
  return {
    name: `EC2 in ${region}`,
    isElsewhere: true,
    work: (_command, work) => work(),

    // Another region is another target's affair.
    refuseOther: () => undefined,
    bring: () => Promise.resolve(),
    prepare: (plan) => untilShutDown(aws, plan),
    objects: (whose) => asking(aws, async () => (await tagged(aws, whose)).map(({ object }) => object)),
    adopts: () => false,
    sweep: (objects) => sweep(aws, objects),
    removal({ kind, id }) {
      const { command = "" } = kinds.find((known) => known.kind === kind) ?? {};
      return `aws --region ${region} ${command} ${id}`;
    },

    async states({ labels }) {
      const whose = { project: labels[label.project], stack: labels[label.stack] };
      const found = await asking(aws, () => tagged(aws, whose));
      const own = found.filter(({ object }) => object.kind === "instance" && isOwn(object.labels, labels));
      const states = new Map(own.map(({ object, state }) => [object.name, state ?? "unknown"]));
      return (container) => states.get(container) ?? "missing";
    },
  };
}

/** Waits for a stack's instances that are shutting down: the provider takes them for hosts until they are terminated. */
async function untilShutDown(aws: Aws, { labels }: Plan): Promise<void> {
  const filters = filtersOf({ project: labels[label.project], stack: labels[label.stack] });
  const going = { Name: "instance-state-name", Values: ["shutting-down"] };
  await waitFor<true>({
    what: "instances that are shutting down to be terminated",
    deadlineMs,
    everyMs: 2_000,
    look: async () => {
      const asked = paginateDescribeInstances({ client: aws.ec2 }, { Filters: [...filters, going] });
      const found = await asking(aws, () =>
        pages(asked, ({ Reservations }) => Reservations?.flatMap(({ Instances = [] }) => Instances)),
      );
      if (found.length === 0) return { value: true };
      return { waiting: `${found.map(({ InstanceId }) => InstanceId).join(", ")} shutting down` };
    },
  });
}

const filtersOf = ({ project, stack, cohort }: Whose) =>
  [
    { key: label.project, value: project },
    { key: label.stack, value: stack ?? "*" },
    { key: label.cohort, value: cohort },
  ].flatMap(({ key, value }) => (value === undefined ? [] : [{ Name: `tag:${key}`, Values: [value] }]));

async function tagged(aws: Aws, whose: Whose): Promise<{ object: SiteObject; state: string | undefined }[]> {
  const filters = filtersOf(whose);
  const found = await Promise.all(
    kinds.map(async (kind) =>
      (await kind.list(aws, filters)).map(({ id, tags, partOf, state }) => {
        const { Name: name = id, ...labels } = tags;
        const whole = { kind: kind.kind, id, name, labels: labelsOf(labels) };
        return { object: partOf === undefined ? whole : { ...whole, partOf }, state };
      }),
    ),
  );
  return found.flat();
}

/** Removes objects kind by kind, each once what held it is gone. What goes along with an instance goes with it. */
async function sweep(aws: Aws, objects: readonly SiteObject[]): Promise<string[]> {
  const instances = new Set(objects.filter(({ kind }) => kind === "instance").map(({ id }) => id));
  const standing = objects.filter(({ partOf }) => partOf === undefined || !instances.has(partOf));
  const stuck: string[] = [];
  for (const kind of kinds) {
    const own = standing.filter((object) => object.kind === kind.kind);
    const results = await Promise.allSettled(own.map(({ id }) => removed(aws, kind, id)));
    for (const [index, result] of results.entries()) {
      const { name = "", id = "" } = own[index] ?? {};
      if (result.status === "rejected") stuck.push(`${kind.kind} ${name} (${id}): ${(result.reason as Error).message}`);
    }
  }
  return stuck;
}

/** Removes an object; one that is gone already is fine, one in use is tried again until it is free. */
function removed(aws: Aws, kind: Kind, id: string): Promise<true> {
  return waitFor<true>({
    what: `${kind.kind} ${id} to be free`,
    deadlineMs,
    everyMs: 2_000,
    look: () =>
      kind.remove(aws, id).then(
        () => ({ value: true as const }),
        (error: unknown) => {
          if (isGone(error)) return { value: true as const };
          if (inUse.includes(codeOf(error))) return { waiting: (error as Error).message };
          throw error;
        },
      ),
  });
}
