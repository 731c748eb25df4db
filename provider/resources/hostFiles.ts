import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import type { SshTarget } from "../../engine/ssh.ts";
import type { Handler } from "../handler.ts";
import { sessionTo } from "../sessions.ts";

/** A file on a host. */
export interface HostFile {
  content: string;
  /** How `content` stands for the file's bytes; "utf8" by default. */
  encoding?: "utf8" | "base64";
  /** Permissions, such as 0o600. Folders that are missing get 0o755. */
  mode: number;
}

export interface HostFilesInputs {
  /** For messages. */
  host: string;
  ssh: SshTarget;
  /** Changes when the host was made anew, and has none of them. */
  incarnation: string;
  /** By absolute path. Secret. */
  files: Record<string, HostFile>;
  /** Whether they are the learner's from then on, to change or remove; false by default: then they are put back. */
  mayChange?: boolean;
}

export interface HostFilesOutputs {
  /** Of all that was written. */
  digest: string;
}

/** Files on a host, owned by root; put back when they changed or went. */
export const hostFiles: Handler<HostFilesInputs, HostFilesOutputs> = {
  create: async (inputs) => ({ id: inputs.host, outputs: await write(inputs) }),

  async read(_id, state) {
    if (state.mayChange) return { digest: state.digest };
    try {
      const session = await sessionTo(state.ssh);
      const { code, stdout } = await session.run("xargs -d '\\n' sha256sum --zero --", {
        stdin: pathsOf(state).join("\n"),
      });
      const found = stdout.split("\0").map((line) => line.slice(0, 64));
      const wanted = pathsOf(state).map((path) => sha256(bytesOf(state.files[path])));
      return code === 0 && wanted.every((hash, index) => hash === found[index]) ? { digest: state.digest } : undefined;
    } catch {
      // Not reachable: nothing is known of them, and the next `up` writes them again.
      return undefined;
    }
  },

  async update(_id, state, inputs) {
    const gone = pathsOf(state).filter((path) => !(path in inputs.files));
    if (gone.length > 0) await remove(inputs, gone);
    return write(inputs);
  },

  async delete(_id, state) {
    await remove(state, pathsOf(state));
  },

  replaceOn: ["host"],
};

const pathsOf = ({ files }: HostFilesInputs) => Object.keys(files).sort();
const bytesOf = (file?: HostFile) => Buffer.from(file?.content ?? "", file?.encoding ?? "utf8");
const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");

/** By standard input, as arguments show to everyone on the host. */
async function write(inputs: HostFilesInputs): Promise<HostFilesOutputs> {
  const tar = pack();
  for (const path of pathsOf(inputs)) {
    const file = inputs.files[path];
    tar.entry({ name: path.slice(1), mode: file?.mode }, bytesOf(file));
  }
  tar.finalize();
  const stdin = await buffer(tar);
  await runOn(inputs, "tar --extract --preserve-permissions --no-same-owner --directory /", stdin);
  return { digest: sha256(JSON.stringify(inputs.files)) };
}

const remove = (inputs: HostFilesInputs, paths: string[]) => runOn(inputs, "xargs -d '\\n' rm -f --", paths.join("\n"));

async function runOn({ host, ssh }: HostFilesInputs, command: string, stdin: string | Buffer): Promise<void> {
  const session = await sessionTo(ssh);
  const { code, stderr } = await session.run(command, { stdin });
  if (code !== 0) throw new Error(`the files of ${host} could not be put in place: ${stderr.trim()}`);
}
