import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import Docker from "dockerode";
import { execa } from "execa";
import { afterAll, beforeAll } from "vitest";
import { outerEngine } from "../../../engine/outer.ts";
import { ping } from "../../../engine/ping.ts";
import { waitFor } from "../../../engine/wait.ts";
import { hostPrivileges } from "../../../images/hostPrivileges.ts";
import { baseImage, ensureImage } from "../../../images/image.ts";
import { ensureLabImages } from "../../../images/labImages.ts";
import { archive } from "../../../provider/resources/hostContainer.ts";
import { homeLabel } from "../../../stacks/home.ts";
import { label } from "../../../stacks/labels.ts";
import { openStack } from "../../../stacks/stack.ts";
import { mainProgram, type startDrydock } from "./drydock.ts";
import type { Sandbox } from "./sandbox.ts";
import { testStack } from "./testStack.ts";

/**
 * An engine of a test's own, for what must not be done to the machine's: one in a container, with a network of its own
 * and its data on a small disk, holding the images of a stack. It goes with the last test.
 */
export interface OwnEngine {
  /** As in DOCKER_HOST. */
  url: string;
  docker: Docker;
  /** Starts the command line on it, where the ports that it publishes are. */
  start(...args: string[]): ReturnType<typeof startDrydock>;
  /** Ends it at once, and leaves its containers running. */
  kill(): Promise<void>;
  /** Starts it after `kill`, and waits until it answers. */
  revive(): Promise<void>;
  /** Stops it and its containers, and starts it, as the machine's init would. */
  restart(): Promise<void>;
  /** Runs a command beside it, and answers with what that printed. */
  run(command: string): Promise<string>;
}

/** The disk of the engine's data, in MiB: its images take half of it. */
export const diskMib = 4_096;

/** Gives the tests of this file an engine of their own; @param stack whose images it has. */
export function useOwnEngine(sandbox: Sandbox, stack: string): OwnEngine {
  let container: Docker.Container;
  let pid = 0;

  const run = async (command: string) => {
    const { exitCode, all } = await execa("nsenter", ["--all", "--target", String(pid), "sh", "-c", command], {
      reject: false,
      all: true,
    });
    if (exitCode !== 0) throw new Error(`${command} beside the engine exited with ${exitCode}:\n${all}`);
    return all;
  };

  const answers = () =>
    waitFor<true>({
      what: "the test's own engine",
      deadlineMs: 60_000,
      look: () =>
        ping(own.docker).then(
          () => ({ value: true }),
          (error: unknown) => ({ waiting: String(error) }),
        ),
    });

  const own: OwnEngine = {
    url: "",
    docker: new Docker(),
    start: (...args) =>
      execa("nsenter", [`--net=/proc/${pid}/ns/net`, process.execPath, mainProgram, ...args], {
        reject: false,
        all: true,
        stdin: "ignore",
        env: { DOCKER_HOST: own.url },
      }),
    async kill() {
      await run("sv once docker; sv kill docker; until sv status docker | grep -q ^down; do sleep 0.05; done");
      // One that the engine had just begun may outlive it, and hold its port.
      await run("pkill -x docker-proxy; true");
    },
    async revive() {
      await run("sv up docker");
      await answers();
    },
    async restart() {
      await run("sv -w 60 restart docker");
      await answers();
    },
    run,
  };

  beforeAll(async () => {
    const machine = await outerEngine();
    const { plan } = await openStack(stack);
    const images = await ensureLabImages(machine, { images: plan.images, source: plan.imageSource });
    const folder = join(sandbox.root, "engine");
    await mkdir(folder);
    const socket = join(folder, "docker.sock");
    own.url = `unix://${socket}`;
    own.docker = new Docker({ socketPath: socket });
    container = await machine.createContainer({
      name: `drydock-${testStack("engine")}`,
      Image: images.hostImage,
      // A test that failed leaves it to its sandbox, as it would a stack.
      Labels: { [label.project]: "drydock", [label.stack]: testStack("engine"), [label.home]: homeLabel() },
      HostConfig: {
        ...hostPrivileges,
        Binds: [`${folder}:/engine`],
        Tmpfs: { ...hostPrivileges.Tmpfs, "/var/lib/docker": `exec,suid,dev,size=${diskMib}m,mode=711` },
      },
    });
    const daemon = {
      bip: "10.250.0.1/26",
      "default-address-pools": [{ base: "10.250.0.0/22", size: 26 }],
      hosts: ["unix:///var/run/docker.sock", "unix:///engine/docker.sock"],
    };
    await container.putArchive(archive({ "/etc/docker/daemon.json": JSON.stringify(daemon) }), { path: "/" });
    await container.start();
    pid = (await container.inspect()).State.Pid;
    await answers();
    const names = [baseImage, images.hostImage, images.mirrorImage];
    for (const name of ["registry", ...plan.images]) names.push((await ensureImage(machine, name)).tag);
    await text(await own.docker.loadImage(await saved(machine, names)));
  });

  afterAll(() => container.remove({ force: true, v: true }));

  return own;
}

/** Images of an engine as a tar archive; dockerode has this, and its types do not know it. */
const saved = (engine: Docker, names: string[]) =>
  (engine as unknown as { getImages(options: { names: string[] }): Promise<NodeJS.ReadableStream> }).getImages({
    names,
  });
