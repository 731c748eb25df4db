import { createHash } from "node:crypto";
import type Docker from "dockerode";
import { ifThere } from "../../engine/objects.ts";
import type { SshTarget } from "../../engine/ssh.ts";
import { waitFor } from "../../engine/wait.ts";
import { isOwn, lastingLabels } from "../../stacks/labels.ts";
import { VisibleError } from "../../stacks/visibleError.ts";
import type { Handler } from "../handler.ts";
import { sessionTo } from "../sessions.ts";
import { specLabel } from "./hostContainer.ts";
import { answered, liveManager, type Member } from "./swarm.ts";

export interface SwarmServiceInputs {
  managers: Member[];
  /** The Swarm it belongs to: another Swarm means another service. */
  clusterId: string;
  /** The lab's host that its one task stays on, and how that is reached. */
  host: string;
  ssh: SshTarget;
  /** Changes when the host was made anew, and its volumes with it. */
  incarnation: string;
  /** The service's name. */
  name: string;
  image: string;
  /** Arguments of the image's program; empty for the image's own. */
  command: string[];
  labels: Record<string, string>;
  memoryMib: number;
  /** Files of mode 400 by path, each a secret of the Swarm. Secret. */
  files: Record<string, string>;
  /** Where named volumes, or folders of the host, are mounted: path by name. They outlive the service. */
  volumes: Record<string, string>;
  /** A shell command on the host that succeeds when the service works, and else prints why not. */
  probe: string;
  /** How long it has from its start until that succeeds. */
  deadlineSec: number;
}

export interface SwarmServiceOutputs {
  serviceId: string;
  running: boolean;
}

type State = SwarmServiceInputs & SwarmServiceOutputs;

/** A service that is asked to end has this long, so that a registry can finish what is under way. */
const graceSec = 40;
const removalMs = (graceSec + 20) * 1_000;

/** A service of a Swarm, in the network of the host that it stays on, that is a part of a component. */
export const swarmService: Handler<SwarmServiceInputs, SwarmServiceOutputs> = {
  async create(inputs) {
    const engine = await managerOf(inputs);
    const found = await inspect(engine, inputs.name);
    if (found && !isOwn(found.Spec?.Labels ?? {}, inputs.labels)) {
      throw new VisibleError(`The service name ${inputs.name} is taken on the Swarm`, {
        details: ["its holder is not Drydock's"],
        fix: `Remove it on a manager with \`docker service rm ${inputs.name}\`, and run ./drydock up again.`,
      });
    }
    const spec = await specOf(engine, inputs);
    const serviceId = found?.ID ?? ((await engine.createService(spec)) as unknown as { id: string }).id;
    if (found && found.Spec?.Labels?.[specLabel] !== spec.Labels?.[specLabel]) await change(engine, found, spec);
    return { id: serviceId, outputs: await settled(engine, serviceId, inputs) };
  },

  async read(id, state) {
    const manager = await liveManager(state.managers);
    if (!manager) return { serviceId: state.serviceId, running: state.running };
    const found = await answered(`what the service ${state.name} is`, inspect(manager.engine, id));
    return found && { serviceId: found.ID, running: await runs(manager.engine, state.name) };
  },

  async update(id, _state, inputs) {
    const engine = await managerOf(inputs);
    const found = (await engine.getService(id).inspect()) as Docker.Service;
    const spec = await specOf(engine, inputs);
    if (found.Spec?.Labels?.[specLabel] !== spec.Labels?.[specLabel]) await change(engine, found, spec);
    return settled(engine, id, inputs);
  },

  async delete(id, state) {
    const manager = await liveManager(state.managers);
    if (!manager) return;
    await ifThere<unknown>(manager.engine.getService(id).remove());
    await waitFor<true>({
      what: `the tasks of ${state.name} to be gone`,
      deadlineMs: removalMs,
      look: async () => {
        const left = await tasksOf(manager.engine, state.name);
        return left.length === 0 ? { value: true } : { waiting: `${left.length} are left` };
      },
    });
    await removeSecrets(manager.engine, state, []);
  },

  replaceOn: ["clusterId", "host", "name", "labels"],
  ignore: ["managers", "ssh", "deadlineSec"],
  drifted: ({ running }: State) => !running,
};

async function managerOf({ managers, name }: SwarmServiceInputs): Promise<Docker> {
  const manager = await liveManager(managers);
  if (manager) return manager.engine;
  const looked = managers.map((member) => member.name).join(", ");
  throw new Error(`no manager of the Swarm answers, so the service ${name} cannot be made; looked at ${looked}`);
}

/** What Swarm is asked for. The secrets that it names are made. */
async function specOf(engine: Docker, inputs: SwarmServiceInputs): Promise<Docker.CreateServiceOptions> {
  const { name, host, image, command, memoryMib, volumes } = inputs;
  const labels = { ...inputs.labels, [specLabel]: hashOf(inputs) };
  return {
    Name: name,
    Labels: labels,
    TaskTemplate: {
      ContainerSpec: {
        Image: image,
        Labels: labels,
        ...(command.length > 0 ? { Args: command } : {}),
        Secrets: await ensureSecrets(engine, inputs),
        Mounts: Object.entries(volumes).map(([Source, Target]) => ({
          Type: Source.startsWith("/") ? "bind" : "volume",
          Source,
          Target,
        })),
        Privileges: { NoNewPrivileges: true },
        StopGracePeriod: graceSec * 1e9,
      },
      // Not a file that a collector of the containers' logs reads: its own would go round in circles.
      LogDriver: { Name: "local" },
      Networks: [{ Target: "host" }],
      Placement: { Constraints: [`node.hostname==${host}`] },
      Resources: { Limits: { MemoryBytes: memoryMib * 2 ** 20 } },
      RestartPolicy: { Condition: "any", Delay: 0.5e9 },
    },
    Mode: { Replicated: { Replicas: 1 } },
  } as Docker.CreateServiceOptions;
}

/** What a service is made from, as a hash: of the files' secrets no more shows. */
function hashOf({ image, command, labels, memoryMib, files, volumes }: SwarmServiceInputs): string {
  return short(JSON.stringify({ image, command, labels: lastingLabels(labels), memoryMib, files, volumes }));
}

const short = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** A secret's name has its content's hash, as a secret never changes. */
const secretName = (service: string, path: string, content: string) => `${service}-${short(`${path}\n${content}`)}`;

async function ensureSecrets(engine: Docker, { name, files, labels }: SwarmServiceInputs) {
  const known = await secretsOf(engine, labels);
  return Promise.all(
    Object.entries(files).map(async ([path, content]) => {
      const SecretName = secretName(name, path, content);
      const Labels = { ...labels, "drydock.service": name };
      const SecretID =
        known.find(({ Spec }) => Spec?.Name === SecretName)?.ID ??
        (await makeSecret(engine, { Name: SecretName, Labels, Data: Buffer.from(content).toString("base64") }));
      return { SecretID, SecretName, File: { Name: path, UID: "0", GID: "0", Mode: 0o400 } };
    }),
  );
}

const makeSecret = async (engine: Docker, secret: Docker.SecretSpec) =>
  ((await engine.createSecret(secret)) as { id: string }).id;

const secretsOf = async (engine: Docker, own: Record<string, string>) =>
  (await engine.listSecrets()).filter(({ Spec }) => isOwn(Spec?.Labels ?? {}, own));

/** Removes the secrets of a service that it does not need. */
async function removeSecrets(engine: Docker, { name, labels }: SwarmServiceInputs, needed: string[]): Promise<void> {
  for (const { ID, Spec } of await secretsOf(engine, labels))
    if (Spec?.Labels?.["drydock.service"] === name && !needed.includes(Spec.Name ?? ""))
      await ifThere<unknown>(engine.getSecret(ID).remove());
}

async function change(engine: Docker, found: Docker.Service, spec: Docker.CreateServiceOptions): Promise<void> {
  await engine.getService(found.ID).update({ ...spec, version: found.Version?.Index });
}

/** Waits until the service is as it was asked for, and works. @throws Error with what its last task or probe said. */
async function settled(engine: Docker, serviceId: string, inputs: SwarmServiceInputs): Promise<SwarmServiceOutputs> {
  const wanted = hashOf(inputs);
  const session = await sessionTo(inputs.ssh);
  await waitFor<true>({
    what: `the service ${inputs.name} on ${inputs.host}`,
    deadlineMs: inputs.deadlineSec * 1_000,
    look: async () => {
      if (!(await runs(engine, inputs.name, wanted))) return { waiting: await lastWords(engine, inputs.name) };
      const { code, stdout, stderr } = await session.run(inputs.probe);
      return code === 0 ? { value: true } : { waiting: (stdout.trim() || stderr.trim()).slice(-500) };
    },
  });
  const needed = Object.entries(inputs.files).map(([path, content]) => secretName(inputs.name, path, content));
  await removeSecrets(engine, inputs, needed);
  return { serviceId, running: true };
}

interface Task {
  CreatedAt: string;
  DesiredState: string;
  Status: { State: string; Err?: string };
  Spec: { ContainerSpec?: { Labels?: Record<string, string> } };
}

/** The tasks of a service, none when it is gone. */
const tasksOf = async (engine: Docker, service: string) =>
  ((await ifThere(engine.listTasks({ filters: { service: [service] } }))) ?? []) as Task[];

/** Whether a task of the service runs, made from what has that hash, if it matters. */
const runs = async (engine: Docker, service: string, hash?: string) =>
  (await tasksOf(engine, service)).some(
    ({ DesiredState, Status, Spec }) =>
      DesiredState === "running" &&
      Status.State === "running" &&
      (hash === undefined || Spec.ContainerSpec?.Labels?.[specLabel] === hash),
  );

async function lastWords(engine: Docker, service: string): Promise<string> {
  const [last] = (await tasksOf(engine, service)).toSorted((a, b) => b.CreatedAt.localeCompare(a.CreatedAt));
  return last ? `its last task is ${last.Status.State}${last.Status.Err ? `: ${last.Status.Err}` : ""}` : "no task yet";
}

const inspect = (engine: Docker, name: string) => ifThere(engine.getService(name).inspect() as Promise<Docker.Service>);
