import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type Docker from "dockerode";
import { ifThere, removeContainer } from "../../engine/objects.ts";
import type { SshSession, SshTarget } from "../../engine/ssh.ts";
import { waitFor } from "../../engine/wait.ts";
import { isOwn, lastingLabels } from "../../stacks/labels.ts";
import { VisibleError } from "../../stacks/visibleError.ts";
import type { Handler } from "../handler.ts";
import { sessionTo } from "../sessions.ts";
import { archive, specLabel } from "./hostContainer.ts";

export interface HostServiceInputs {
  /** The lab's host that runs it, for messages. */
  host: string;
  ssh: SshTarget;
  /** Changes when the host was made anew. */
  incarnation: string;
  /** The container's name. */
  name: string;
  /** As the host's engine knows it; pulled when that has it not. */
  image: string;
  /** Whether the service is left out where the host has no such image, rather than pulled; false by default. */
  optional?: boolean;
  /** Arguments of the image's program; empty for the image's own. */
  command: string[];
  labels: Record<string, string>;
  memoryMib: number;
  /** Files of mode 600, by path, that are there before it starts. Secret. */
  files: Record<string, string>;
  /** More such files, which it reads again on `reload`: their change alone neither stops it nor makes it anew. */
  settings?: Record<string, string>;
  /** The signal on which it reads `settings` again, such as "SIGHUP"; none when it notices by itself. */
  reload?: string;
  /** Whom it runs as, such as "0:0"; the image's own user by default. */
  user?: string;
  /** Where named volumes, or folders of the host, are mounted: path by name. Volumes outlive the container. */
  volumes: Record<string, string>;
  /** A shell command on the host that succeeds when the service works, and else prints why not. */
  probe: string;
  /** How long it has from its start until that succeeds. */
  deadlineSec: number;
}

export interface HostServiceOutputs {
  containerId: string;
  running: boolean;
}

type State = HostServiceInputs & HostServiceOutputs;

/** The id of a service that is left out. */
const leftOut = "left out";

/** A container on a lab's host, in the host's own network, that is a part of a component. */
export const hostService: Handler<HostServiceInputs, HostServiceOutputs> = {
  async create(inputs) {
    const session = await sessionTo(inputs.ssh);
    const engine = session.engine();
    if (inputs.optional && !(await hasImage(engine, inputs)))
      return { id: leftOut, outputs: { containerId: "", running: true } };
    const containerId = (await adopt(engine, inputs)) ?? (await make(engine, inputs));
    await start(session, containerId, inputs);
    return { id: containerId, outputs: { containerId, running: true } };
  },

  async read(id, state) {
    if (id === leftOut) return { containerId: "", running: true };
    try {
      const found = await inspect((await sessionTo(state.ssh)).engine(), id);
      return found && { containerId: found.Id, running: found.State.Running && !found.State.Paused };
    } catch {
      // A host that does not answer is repaired or made anew, and the service is looked for again then.
      return undefined;
    }
  },

  async update(id, state, inputs) {
    if (id === leftOut) return { containerId: "", running: true };
    const session = await sessionTo(inputs.ssh);
    if (!isDeepStrictEqual(state.settings, inputs.settings)) await change(session.engine().getContainer(id), inputs);
    await start(session, id, inputs);
    return { containerId: id, running: true };
  },

  async delete(id, state) {
    if (id === leftOut) return;
    await removeContainer((await sessionTo(state.ssh)).engine(), id);
  },

  replaceOn: [
    "host",
    "incarnation",
    "name",
    "image",
    "optional",
    "command",
    "labels",
    "memoryMib",
    "files",
    "user",
    "volumes",
  ],
  ignore: ["ssh", "deadlineSec"],
  drifted: ({ running }: State) => !running,
};

/** A container of this name that an interrupted `up` left: taken over when it is what we want, else removed. */
async function adopt(engine: Docker, inputs: HostServiceInputs): Promise<string | undefined> {
  const found = await inspect(engine, inputs.name);
  if (!found) return undefined;
  const { Labels: labels, Image: image } = found.Config;
  if (!isOwn(labels, inputs.labels)) {
    throw new VisibleError(`The container name ${inputs.name} is taken on ${inputs.host}`, {
      details: [`its holder is not Drydock's; image ${image}`],
      fix: `Remove it with \`docker rm --force ${inputs.name}\` on ${inputs.host}, and run ./drydock up again.`,
    });
  }
  if (labels[specLabel] === specOf(inputs)) return found.Id;
  await removeContainer(engine, found.Id);
  return undefined;
}

async function make(engine: Docker, inputs: HostServiceInputs): Promise<string> {
  if (!(await hasImage(engine, inputs))) await pull(engine, inputs);
  const Memory = inputs.memoryMib * 2 ** 20;
  const container = await engine.createContainer({
    name: inputs.name,
    Image: inputs.image,
    ...(inputs.user === undefined ? {} : { User: inputs.user }),
    ...(inputs.command.length > 0 ? { Cmd: inputs.command } : {}),
    Labels: { ...inputs.labels, [specLabel]: specOf(inputs) },
    HostConfig: {
      NetworkMode: "host",
      // Not a file that a collector of the containers' logs reads: its own would go round in circles.
      LogConfig: { Type: "local", Config: {} },
      RestartPolicy: { Name: "unless-stopped" },
      Memory,
      MemorySwap: Memory,
      Binds: Object.entries(inputs.volumes).map(([volume, path]) => `${volume}:${path}`),
      SecurityOpt: ["no-new-privileges:true"],
    },
  });
  await container.putArchive(archive({ ...inputs.files, ...inputs.settings }), { path: "/" });
  return container.id;
}

async function change(container: Docker.Container, { settings = {}, reload }: HostServiceInputs): Promise<void> {
  await container.putArchive(archive(settings), { path: "/" });
  const { State: state } = await container.inspect();
  if (reload !== undefined && state.Running) await container.kill({ signal: reload });
}

const hasImage = async (engine: Docker, { image }: HostServiceInputs) =>
  (await ifThere(engine.getImage(image).inspect())) !== undefined;

async function pull(engine: Docker, { image, host }: HostServiceInputs): Promise<void> {
  const stream = await engine.pull(image);
  await new Promise<void>((resolve, reject) => {
    engine.modem.followProgress(stream, (error) =>
      error ? reject(new Error(`${host} cannot pull ${image}: ${error.message}`)) : resolve(),
    );
  });
}

/** Starts it and waits until its probe succeeds. @throws Error with what the probe said and the end of its log. */
async function start(session: SshSession, id: string, inputs: HostServiceInputs): Promise<void> {
  const container = session.engine().getContainer(id);
  const { State: state } = await container.inspect();
  if (state.Paused) await container.unpause();
  else if (!state.Running) await container.start();
  try {
    await waitFor<true>({
      what: `${inputs.name} on ${inputs.host}`,
      deadlineMs: inputs.deadlineSec * 1_000,
      look: async () => {
        const { code, stdout, stderr } = await session.run(inputs.probe);
        return code === 0 ? { value: true } : { waiting: (stdout.trim() || stderr.trim()).slice(-500) };
      },
    });
  } catch (error) {
    throw new Error(`${(error as Error).message}\nThe end of its log:\n${await endOfLog(container)}`);
  }
}

async function endOfLog(container: Docker.Container): Promise<string> {
  const log = await container.logs({ stdout: true, stderr: true, tail: 15, follow: false });
  return log.toString().replace(/[\x00-\x02]\0\0\0[\s\S]{4}/g, "");
}

const inspect = (engine: Docker, id: string) => ifThere(engine.getContainer(id).inspect());

/** What the container was made from, as a hash: of the files' secrets no more shows. */
function specOf({ name, image, command, labels, memoryMib, files, settings, user, volumes }: HostServiceInputs) {
  const spec = { name, image, command, labels: lastingLabels(labels), memoryMib, files, settings, user, volumes };
  return createHash("sha256").update(JSON.stringify(spec)).digest("hex").slice(0, 16);
}
