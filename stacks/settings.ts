import { z } from "zod";
import { allowedPublicKey, isPublicKey } from "../access/publicKey.ts";
import { remoteEngine } from "../engine/remoteMachine.ts";
import { maxFirstPort, minFirstPort, parseBlock, portsPerStack } from "./block.ts";
import { ec2Shape } from "./ec2/settings.ts";
import { isoOfPulumi } from "./pulumiDate.ts";
import { fromJson, fromScalar, number, refuseSame, settingMeta, text, type SettingMeta } from "./setting.ts";
import { machineEntry, machineShape, sshShape } from "./ssh/settings.ts";
import { targetNames } from "./target.ts";

export { fromJson, settingMeta, type SettingMeta } from "./setting.ts";

/** Namespace of the settings in Pulumi.<stack>.yaml. */
export const namespace = "drydock";

const hosts = z.strictObject({
  memoryMib: number(z.int().min(128).max(1_048_576))
    .default(1024)
    .register(settingMeta, {
      description: "Memory limit of a host in MiB, for hosts whose lab sets none. A limit, not a reservation.",
      allowed: "a whole number of MiB from 128 to 1048576",
      examples: [1024],
    }),
  cpus: number(z.number().min(0.1).max(512))
    .default(2)
    .register(settingMeta, {
      description: "CPU limit of a host in cores. Docker refuses more than the machine has.",
      allowed: "a number of cores from 0.1 to 512",
      examples: [2],
    }),
  pids: number(z.int().min(256).max(1_000_000))
    .default(2048)
    .register(settingMeta, {
      description: "Limit of processes and threads in a host, those of its containers included.",
      allowed: "a whole number from 256 to 1000000",
      examples: [2048],
    }),
});

/** The engine of another machine. */
const engineUrl = text(remoteEngine);
const engineAllowed = "ssh://user@host:port, where user and port may be left to ~/.ssh/config";

/** Learners' ids are in names of containers and stacks. */
export const learnerId = /^[a-z0-9]([a-z0-9-]{0,22}[a-z0-9])?$/;
const slug = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const allowedSlug = "the slug of a lab, as ./drydock list shows them: lower-case letters, digits and dashes";

const publicKey = z.string().trim().refine(isPublicKey);

/** The settings of a stack, by their names in the `drydock:` namespace. */
export const settings = z.strictObject({
  lab: text(slug).register(settingMeta, {
    description:
      "The lab to bring up, by its slug: `drydock list` shows them. Another one, like other addresses, ports or images, makes all hosts anew.",
    allowed: allowedSlug,
    examples: ["swarm-failover"],
  }),
  learner: text(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$/)
    .default("learner")
    .register(settingMeta, {
      description: "Whose topology this is; a label on everything that is made from then on.",
      allowed: "1 to 63 letters, digits, dots, dashes, underscores and @, the first a letter or digit",
      examples: ["ada"],
    }),
  cohort: text(/^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}$/)
    .optional()
    .register(settingMeta, {
      description:
        "The cohort that the stack is of; `drydock cohort up` sets it. A label on everything that is made; of a stack that stands it cannot be changed.",
      allowed: "a stack's name",
      absence: "none",
      examples: ["class"],
    }),
  sshKey: publicKey.optional().register(settingMeta, {
    description: "The learner's own SSH public key: it opens their hosts beside the key that the stack makes.",
    allowed: allowedPublicKey,
    absence: "none",
    examples: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN+e36VLSKtfLmJmoShR/Dlebe+R/1EOZjPF7U33Ahx8 ada"],
  }),
  hosts: z
    .preprocess(fromJson, hosts)
    .prefault({})
    .register(settingMeta, {
      description: "Limits of each host.",
      allowed: "memoryMib, cpus and pids",
      examples: [{ memoryMib: 1024, cpus: 2, pids: 2048 }],
    }),
  engine: engineUrl.optional().register(settingMeta, {
    description:
      "The Docker engine that the hosts stand on, on another machine that OpenSSH reaches; see docs/remote-engines.md.",
    allowed: engineAllowed,
    absence: "the local engine, as DOCKER_HOST or the Docker context names it",
    examples: ["ssh://root@lab1.example.com"],
  }),
  addresses: z
    .preprocess(
      fromScalar,
      z
        .string()
        .regex(/^\d{1,3}(\.\d{1,3}){3}\/19$/, { abort: true })
        .refine((cidr) => parseBlock(cidr) !== undefined),
    )
    .optional()
    .register(settingMeta, {
      description:
        "The stack's block of addresses, for its lab network and all networks inside its hosts. " +
        "It may overlap nothing that the machine uses.",
      allowed: "a /19 block on its own boundary in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
      absence: "one of the 256 blocks of 10.192.0.0/11, by a hash of project and stack",
      examples: ["10.192.0.0/19"],
    }),
  ports: number(z.int().min(minFirstPort).max(maxFirstPort))
    .optional()
    .register(settingMeta, {
      description: `First of the stack's ${portsPerStack} loopback ports: one a host, for SSH.`,
      allowed: `a whole number from ${minFirstPort} to ${maxFirstPort}`,
      absence: `20000 + ${portsPerStack} × the number of the default block`,
      examples: [21000],
    }),
  target: z
    .enum(targetNames)
    .default("container")
    .register(settingMeta, {
      description:
        "What the hosts are: containers of this machine's engine, virtual machines there, each with a kernel of its own, " +
        "machines that exist and are reached over SSH, or machines of EC2. Another one makes all hosts anew; to or from " +
        "machines or EC2, take the stack down first.",
      allowed: targetNames.join(", "),
      examples: ["container"],
    }),
  ...sshShape,
  ec2: z
    .preprocess(fromJson, ec2Shape)
    .optional()
    .register(settingMeta, {
      description: "Where and how the target ec2 makes its machines; see docs/ec2.md.",
      allowed: "region, sshFrom and more",
      absence: "none; required with target ec2",
      examples: [{ region: "eu-central-1", sshFrom: "198.51.100.0/24" }],
    }),
  budget: number(z.number().positive().max(1_000_000))
    .optional()
    .register(settingMeta, {
      description: "Most that the target ec2 may cost until the expiry, in USD. `up` refuses what may cost more.",
      allowed: "a number of USD above 0, at most 1000000",
      absence: "none",
      examples: [50],
    }),
  images: z
    .enum(["auto", "registry", "bootstrap"])
    .default("auto")
    .register(settingMeta, {
      description:
        "Where images come from: pulled from a registry, or bootstrapped from Debian packages where none is reachable.",
      allowed: "auto (looks which is possible), registry or bootstrap",
      examples: ["auto"],
    }),
  expiry: z
    .preprocess(isoOfPulumi, z.union([z.iso.date(), z.iso.datetime({ offset: true })]))
    .transform((date) => new Date(date.includes("T") ? date : `${date}T23:59:59Z`).toISOString())
    .optional()
    .register(settingMeta, {
      description:
        "When the stack may be removed; a date alone means its end in UTC. A label on everything that is made from then on.",
      allowed: "an ISO date, or a date-time with its time zone, that is not past",
      absence: "never",
      examples: ["2099-12-31", "2099-12-31T18:00:00+01:00"],
    }),
});

const allowedId = "1 to 24 lower-case letters, digits and inner dashes";

const learnerShape = z.strictObject({
  id: text(learnerId).register(settingMeta, {
    description: "Names the learner's stacks.",
    allowed: allowedId,
    examples: ["ada"],
  }),
  name: z
    .string()
    .min(1)
    .optional()
    .register(settingMeta, {
      description: "What the learner is called in tables.",
      allowed: "a text",
      absence: "the id",
      examples: ["Ada Lovelace"],
    }),
  sshKey: publicKey.optional().register(settingMeta, {
    description: "The learner's own SSH public key.",
    allowed: allowedPublicKey,
    absence: "none",
    examples: ["ssh-ed25519 AAAA... ada"],
  }),
});

const learner = z.union([text(learnerId).transform((id) => ({ id })), learnerShape]).register(settingMeta, {
  description: "A learner.",
  allowed: `an id (${allowedId}), or a map with id and perhaps name and sshKey`,
  examples: ["ada"],
});
export interface Learner {
  id: string;
  name?: string | undefined;
  /** Their own SSH public key. */
  sshKey?: string | undefined;
}

const classLab = text(slug).register(settingMeta, {
  description: "A lab.",
  allowed: allowedSlug,
  examples: ["swarm-basics"],
});

const refuseSameLab = refuseSame<string>({
  what: "lab",
  of: (lab) => lab,
  fix: "Take one of the two out: each learner has one stack for a lab.",
});

/** The settings of a cohort, whose learners have a stack for each lab. */
export const cohortSettings = z.strictObject({
  learners: z.preprocess(fromJson, z.union([z.string().min(1), z.array(learner).min(1)])).register(settingMeta, {
    description:
      "Who learns, which makes the stack a cohort: a list of ids, or of maps with id, name and sshKey; or the path of a CSV " +
      "file whose first line names the columns, id and perhaps name and sshKey.",
    allowed:
      "a list of at least one learner, or a file's path; an id has 1 to 24 lower-case letters, digits and inner dashes; an " +
      `sshKey is ${allowedPublicKey}`,
    absence: "none: the stack is one learner's",
    examples: [["ada", { id: "grace", name: "Grace Hopper" }], "class.csv"],
  }),
  labs: z
    .preprocess(fromJson, z.array(classLab).min(1).pipe(z.custom<string[]>().superRefine(refuseSameLab)))
    .register(settingMeta, {
      description: "The labs of a cohort, by their slugs: each learner has a stack of their own for each.",
      allowed: "a list of at least one lab, as ./drydock list shows them, each once",
      absence: "none; required with learners",
      examples: [["swarm-basics", "swarm-failover"]],
    }),
  engines: z
    .preprocess(fromJson, z.array(engineUrl).min(1))
    .optional()
    .register(settingMeta, {
      description:
        "The engines that learners are placed on, each learner whole on one of them; see docs/remote-engines.md.",
      allowed: `a list of at least one of ${engineAllowed}`,
      absence: "the local engine alone",
      examples: [["ssh://root@lab1.example.com", "ssh://root@lab2.example.com"]],
    }),
  hosts: settings.shape.hosts,
  images: settings.shape.images,
  expiry: settings.shape.expiry,
  target: settings.shape.target,
  ...sshShape,
  ec2: settings.shape.ec2,
  budget: settings.shape.budget,
});

/** A setting as it is told of. */
export interface Setting extends SettingMeta {
  /** Undefined where it is required, or `absence` says what its absence means. */
  default: unknown;
}

/** Every setting by its path: "lab", "hosts", "hosts.memoryMib" and so on. */
export const settingsByPath: ReadonlyMap<string, Setting> = new Map([
  ...byPath("", settings.shape),
  ...byPath("hosts.", hosts.shape),
  ...byPath("ec2.", ec2Shape.shape),
  ...byPath("", {
    learners: cohortSettings.shape.learners,
    labs: cohortSettings.shape.labs,
    engines: cohortSettings.shape.engines,
  }),
]);

/** What is told of entries of lists, and of what is in them: "machines[]", "machines[].ssh" and so on. */
export const entriesByPath: ReadonlyMap<string, Setting> = new Map([
  ["machines[]", { ...machineEntry, default: undefined }],
  ...byPath("machines[].", machineShape.shape),
  ...byPath("", { "learners[]": learner, "labs[]": classLab }),
  ...byPath("learners[].", learnerShape.shape),
]);

function byPath(parent: string, shape: Record<string, z.ZodType>): [string, Setting][] {
  return Object.entries(shape).flatMap(([key, schema]) => {
    const meta = settingMeta.get(schema);
    return meta === undefined ? [] : [[`${parent}${key}`, { ...meta, default: schema.safeParse(undefined).data }]];
  });
}

export type CohortConfig = z.output<typeof cohortSettings>;

/** A stack's configuration, complete but for what the plan derives from the stack's name. */
export type StackConfig = z.output<typeof settings>;
