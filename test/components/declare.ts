import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import { vi } from "vitest";
import type { StackOutputs } from "../../stacks/outputs.ts";

/** A resource as the program registered it. */
export interface Declared {
  urn: string;
  type: string;
  name: string;
  /** False for a component. */
  custom: boolean;
  /** URN; empty for the root. */
  parent: string;
  /** "URN::id" of the provider that it names; empty for none. */
  provider: string;
  /** Plain values, unmarked. */
  inputs: Record<string, unknown>;
  /** Inputs that are marked as secret, whole. */
  secrets: string[];
  /** What crossed to Pulumi, marks and all. */
  raw: unknown;
  /** URNs. */
  dependsOn: string[];
  /** URN; empty for none. */
  deletedWith: string;
}

/** In every private key that a mocked program makes. */
export const canary = "CANARY-PRIVATE-KEY";

const secretMark = "4dabf18193072939515e22adb298388d";

/** What the mocked engine answers to a resource's creation, by type. */
const made: Record<string, (name: string) => Record<string, unknown>> = {
  "drydock:index:SshKey": (name) => ({
    privateKey: pulumi.secret(`${canary} of ${name}`),
    publicKey: `ssh-ed25519 PUBLIC-${name}`,
  }),
  "drydock:index:LabImages": () => ({
    hostImage: "host:1",
    mirrorImage: "mirror:1",
    mirrorEnvironment: ["A=b"],
    layersVolume: "layers-1",
    origin: "bootstrap",
  }),
  "drydock:index:LabBridge": () => ({ networkId: "network-1" }),
  "drydock:index:HostContainer": (name) => ({ containerId: `container-${name}` }),
  "drydock:index:HostReady": () => ({
    engineVersion: "28.0.0",
    cgroupVersion: 2,
    linkMtu: 1500,
    capabilities: { vxlan: true, ipvs: false, esp: false, macvlan: true, apparmor: false },
  }),
  "drydock:index:CertificateAuthority": (name) => ({
    privateKey: pulumi.secret(`${canary} of ${name}`),
    certificate: `CERTIFICATE-${name}`,
    notAfter: "2036-01-01T00:00:00.000Z",
  }),
  "drydock:index:Certificate": (name) => ({
    privateKey: pulumi.secret(`${canary} of ${name}`),
    certificate: `CERTIFICATE-${name}`,
    notAfter: "2027-01-01T00:00:00.000Z",
  }),
  "drydock:index:Account": (name) => ({
    password: pulumi.secret(`${canary}-password-of-${name}`),
    htpasswd: pulumi.secret(`${canary}-hash-of-${name}`),
  }),
  "aws:ec2/keyPair:KeyPair": (name) => ({ keyName: `key-${name}` }),
  "aws:iam/role:Role": (name) => ({ name: `role-${name}` }),
  "aws:iam/instanceProfile:InstanceProfile": (name) => ({ name: `profile-${name}` }),
  "drydock:index:HostImages": () => ({ origin: "bootstrap" }),
  "drydock:index:Machines": () => ({ mtu: 1400 }),
  "drydock:index:Machine": (name) => ({ recordId: `record-${name}`, intact: true }),
  "drydock:index:SwarmNode": (name) => ({ nodeId: `node-${name}`, clusterId: "cluster-1" }),
  "drydock:index:SwarmNetwork": () => ({ networkId: "overlay-1", actualSubnet: "10.0.0.0/24" }),
};

/** What the mocked engine answers to a question, by its token. */
export const answers: Record<string, Record<string, unknown>> = {
  "aws:ec2/getAmi:getAmi": { id: "ami-0newest" },
  "aws:ec2/getInstance:getInstance": { publicIp: "203.0.113.7" },
  "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": {
    locations: ["eu-central-1c", "eu-central-1a", "eu-central-1-ham-1a", "eu-central-1b"],
  },
};

/** Declares a part of a program against a mocked engine, and answers with all that it registered. */
export async function declare<T>(declaration: () => T | Promise<T>): Promise<{ declared: Declared[]; returned: T }> {
  const register = vi.spyOn(MockMonitor.prototype, "registerResource");
  await pulumi.runtime.setMocks(
    {
      call: ({ token }) => answers[token] ?? {},
      newResource: ({ type, name, inputs }) => ({
        id: `id-${name}`,
        state: { ...(inputs as object), ...made[type]?.(name) },
      }),
    },
    "drydock",
    "dev",
  );
  try {
    const returned = await declaration();
    await pulumi.runtime.disconnect();
    const declared = register.mock.calls.map(([request]) => describe(request as RegisterResourceRequest));
    return { declared, returned };
  } finally {
    // Also where the declaration was refused: what it had begun to register would disturb the next.
    await pulumi.runtime.disconnect();
    register.mockRestore();
  }
}

/** Declares the stack `dev` of a lab. */
export async function declareLab(
  lab: string,
  config: Record<string, string> = {},
): Promise<{ declared: Declared[]; outputs: pulumi.Output<StackOutputs> }> {
  const settings = Object.entries({ lab, ...config }).map(([key, value]) => [`drydock:${key}`, value]);
  const { program } = await import("../../stacks/program.ts");
  pulumi.runtime.setAllConfig(Object.fromEntries(settings) as Record<string, string>);
  const { declared, returned } = await declare(program);
  return { declared, outputs: pulumi.output(returned) as unknown as pulumi.Output<StackOutputs> };
}

/** The value of an output, once it is there. */
export const valueOf = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply(resolve));

function describe(request: RegisterResourceRequest): Declared {
  const type = request.getType();
  const parent = request.getParent();
  const parentType = parent === "" ? "" : `${parent.split("::")[2]?.split("$").at(-1)}$`;
  const raw = request.getObject()?.toJavaScript() ?? {};
  return {
    urn: `urn:pulumi:dev::drydock::${parentType}${type}::${request.getName()}`,
    type,
    name: request.getName(),
    custom: request.getCustom(),
    parent,
    provider: request.getProvider(),
    inputs: plain(raw) as Record<string, unknown>,
    secrets: Object.keys(raw).filter((key) => isSecret(raw[key])),
    raw,
    dependsOn: request.getDependenciesList(),
    deletedWith: request.getDeletedwith(),
  };
}

const isSecret = (value: unknown): value is { value: unknown } =>
  typeof value === "object" && value !== null && secretMark in value;

function plain(value: unknown): unknown {
  if (isSecret(value)) return plain(value.value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** The texts in a tree that no mark of a secret covers. */
export function plainTexts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null || isSecret(value)) return [];
  return Object.values(value).flatMap(plainTexts);
}
