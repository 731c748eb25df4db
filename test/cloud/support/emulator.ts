import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll } from "vitest";
import { waitFor } from "../../../engine/wait.ts";
import { homeFolder } from "../../../stacks/home.ts";

/**
 * https://pypi.org/project/moto: an emulator of AWS's interfaces. It keeps what is made in memory, and makes no machine.
 * emulator.py starts it.
 */
const packages = ["moto[ec2,iam]==5.2.5", "flask==3.1.3", "flask-cors==6.0.5"];
const venv = join(homeFolder(), "cache", "moto-5.2.5");

const program = join(import.meta.dirname, "emulator.py");
const python = (folder: string) => join(folder, "bin", "python");

export const region = "eu-central-1";

/** Why there can be no emulator here; undefined when there can. */
export async function noEmulator(): Promise<string | undefined> {
  if (existsSync(venv)) return undefined;
  const { failed } = await execa("python3", ["-c", "import ensurepip, venv"], { reject: false });
  return failed ? "there is no python3 with venv to run moto with" : undefined;
}

/** Runs an emulator for the tests of this file, and has all that talks to AWS talk to it. */
export function useEmulator(): void {
  let stop: () => Promise<void>;
  const before = { ...process.env };

  beforeAll(async () => {
    await install();
    const port = await freePort();
    const server = execa(python(venv), [program, "--host", "127.0.0.1", "--port", String(port)], {
      // It has no image of Debian by itself.
      env: { MOTO_AMIS_PATH: join(import.meta.dirname, "images.json") },
      reject: false,
      stdio: "ignore",
    });
    stop = async () => {
      server.kill();
      await server;
    };
    const url = `http://127.0.0.1:${port}`;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: "emulated",
      AWS_SECRET_ACCESS_KEY: "emulated",
      AWS_EC2_METADATA_DISABLED: "true",
    });
    for (const name of ["AWS_PROFILE", "AWS_SESSION_TOKEN"]) Reflect.deleteProperty(process.env, name);
    await waitFor<true>({
      what: "moto to answer",
      deadlineMs: 60_000,
      look: () =>
        fetch(`${url}/moto-api/`).then(
          () => ({ value: true as const }),
          (error: unknown) => ({ waiting: String(error) }),
        ),
    });
  });

  afterAll(async () => {
    await stop();
    for (const name of Object.keys(process.env)) if (!(name in before)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, before);
  });
}

/** Makes the emulator's Python environment once, whole or not at all. */
async function install(): Promise<void> {
  if (existsSync(venv)) return;
  const work = `${venv}.${process.pid}`;
  await mkdir(join(homeFolder(), "cache"), { recursive: true });
  try {
    await execa("python3", ["-m", "venv", work]);
    await execa(python(work), ["-m", "pip", "install", "--quiet", ...packages]);
    await rename(work, venv);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
