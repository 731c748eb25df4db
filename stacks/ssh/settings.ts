import { isIPv4 } from "node:net";
import { z } from "zod";
import { isPublicKey } from "../../access/publicKey.ts";
import { fromJson, fromScalar, refuseSame, settingMeta, text } from "../setting.ts";
import { nameOfLogin, type PlannedMachine } from "./plan.ts";

const login = /^([a-z_][a-z0-9_-]{0,31})@([A-Za-z0-9][A-Za-z0-9.-]{0,252})(?::(\d{1,5}))?$/;

const ipv4 = z.preprocess(fromScalar, z.string().refine(isIPv4));

/** An entry of `drydock:machines`, as it is written. */
export const machineShape = z.strictObject({
  ssh: text(login)
    .refine((target) => isPort(Number(login.exec(target)?.[3] ?? 22)))
    .register(settingMeta, {
      description: "How the machine is logged in to: as root, or as one whose sudo asks for no password.",
      allowed: "user@host or user@host:port",
      examples: ["debian@192.0.2.11"],
    }),
  // What the sessions of ours pin.
  hostKey: z
    .string()
    .trim()
    .startsWith("ssh-ed25519 ")
    .refine(isPublicKey)
    .register(settingMeta, {
      description: "The machine's own public key: one with another is not talked to.",
      allowed: "the machine's ssh-ed25519 public key in one line, as /etc/ssh/ssh_host_ed25519_key.pub there has it",
      examples: ["ssh-ed25519 AAAA..."],
    }),
  address: ipv4.optional().register(settingMeta, {
    description: "The machine's address on the network between the machines.",
    allowed: "an IPv4 address on the network between the machines; needed where the host in ssh is a name",
    absence: "the host in ssh, when it is an IPv4 address",
    examples: ["10.0.0.11"],
  }),
});

const machine = machineShape.transform(({ ssh, hostKey, address }, context) => {
  const [, user = "", host = "", port = "22"] = login.exec(ssh) ?? [];
  const inner = address ?? (isIPv4(host) ? host : undefined);
  if (inner === undefined) {
    context.addIssue({ code: "custom", path: ["address"] });
    return z.NEVER;
  }
  const key = hostKey.split(" ").slice(0, 2).join(" ");
  return { login: { user, host, port: Number(port), hostKey: key }, address: inner };
});

/** What is told of an entry that is no map. */
export const machineEntry = {
  description: "A machine of the target ssh.",
  allowed: "a map with ssh, hostKey and, where the host in ssh is a name, address",
  examples: [{ ssh: "debian@192.0.2.11", hostKey: "ssh-ed25519 AAAA..." }],
};

type Machine = z.output<typeof machine>;

/** A machine as the settings have it. */
export const machineSetting = ({ login, address }: PlannedMachine): z.input<typeof machine> => ({
  ssh: nameOfLogin(login),
  hostKey: login.hostKey,
  address,
});

const isPort = (port: number) => port >= 1 && port <= 65_535;

const refuseSameMachine = refuseSame<Machine>(
  {
    what: "machine",
    of: ({ login: { host, port } }) => `${host}:${port}`,
    key: "ssh",
    fix: "Take one of the two entries out.",
  },
  {
    what: "host key",
    of: ({ login: { hostKey } }) => hostKey,
    key: "hostKey",
    fix: "Where both are one machine, take one entry out; where one is a copy of the other, give it keys of its own there: `rm /etc/ssh/ssh_host_*_key* && ssh-keygen -A && systemctl restart ssh` as root.",
  },
  {
    what: "address",
    of: ({ address }) => address,
    key: "address",
    fix: "Give each its own address on the network between the machines.",
  },
);

/** The settings of the target ssh. */
export const sshShape = {
  machines: z
    .preprocess(fromJson, z.array(machine).min(1).pipe(z.custom<Machine[]>().superRefine(refuseSameMachine)))
    .optional()
    .register(settingMeta, {
      description:
        "The machines of the target ssh, in the order of the lab's hosts; more than it has are left alone. A cohort's are dealt out, " +
        "as many to each stack as its lab has hosts. See docs/ssh-machines.md.",
      allowed:
        "a list of different machines with different host keys, each with ssh (user@host or user@host:port), hostKey (the machine's ssh-ed25519 public key, " +
        "as /etc/ssh/ssh_host_ed25519_key.pub there has it) and address (IPv4 on the network between the machines; by " +
        "default the host, when it is an address)",
      absence: "none; required with target ssh",
      examples: [
        [
          {
            ssh: "debian@192.0.2.11",
            hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN+e36VLSKtfLmJmoShR/Dlebe+R/1EOZjPF7U33Ahx8",
            address: "10.0.0.11",
          },
        ],
      ],
    }),
  identity: z
    .string()
    .min(1)
    .default("~/.ssh/id_ed25519")
    .register(settingMeta, {
      description:
        "Path on this machine of the private key that logs in to the machines of the target ssh. It is read when it is needed, and stored nowhere else.",
      allowed: "the path of an OpenSSH private key without a passphrase; ~ is the home folder",
      examples: ["~/.ssh/id_ed25519"],
    }),
  installEngine: z
    .preprocess(fromJson, z.boolean())
    .default(false)
    .register(settingMeta, {
      description:
        "Allows Docker to be installed from the machine's own Debian or Ubuntu on machines of the target ssh that have none. `down` purges it again.",
      allowed: "true or false",
      examples: [true],
    }),
};
