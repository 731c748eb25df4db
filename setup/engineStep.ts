import { ping } from "../engine/ping.ts";
import { outerEngine, outerEngineClient } from "../engine/outer.ts";
import { outerEngineChoice, outerEngineUrl } from "../engine/outerUrl.ts";
import { MachineError } from "../stacks/machineError.ts";
import { withToolsLock } from "./lock.ts";
import { canInstallPackages, installPackages } from "./systemPackages.ts";
import { hasEngine, startEngine } from "./startEngine.ts";
import type { Say, SetupStep } from "./step.ts";

const systemSocket = "unix:///var/run/docker.sock";
const packages = ["docker.io", "iptables"];

/** The Docker engine: the one that DOCKER_HOST or the current context names, else the distribution's. */
export function engineStep(home: string, install: boolean): SetupStep {
  return {
    title: "Docker engine",
    async look() {
      const answer = await ask();
      return "version" in answer ? `${answer.version} at ${answer.url}` : undefined;
    },
    async make(say) {
      await withToolsLock(home, "getting a Docker engine", say, async () => {
        const before = await ask();
        if ("reason" in before) await provide(before, install, say);
      });
      const answer = await ask();
      if ("version" in answer) return `${answer.version} at ${answer.url}`;
      throw new MachineError("The Docker engine was started and does not answer", { details: [answer.reason] });
    },
  };
}

/** The Docker engine of another machine, which is used as it is. */
export function remoteEngineStep(url: string): SetupStep {
  const look = async () => `${(await (await outerEngine(url)).version()).Version} at ${url}`;
  return { title: "Docker engine", look, make: look };
}

interface NoEngine {
  url: string;
  reason: string;
  /** The socket is there, and not for this user. */
  forbidden: boolean;
}

async function ask(): Promise<{ url: string; version: string } | NoEngine> {
  const url = outerEngineUrl();
  const engine = outerEngineClient(url);
  try {
    await ping(engine);
    return { url, version: (await engine.version()).Version };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { url, reason, forbidden: reason.includes("EACCES") };
  }
}

async function provide(engine: NoEngine, install: boolean, say: Say): Promise<void> {
  if (engine.url !== systemSocket || engine.forbidden || !canInstallPackages()) throw noEngine(engine, byHand(engine));
  if (!hasEngine()) {
    if (!install) {
      const command = `apt-get install ${packages.join(" ")}`;
      throw noEngine(engine, `install one with \`${command}\`, or leave out --no-install to have that done`);
    }
    await installPackages(packages, say);
  }
  await startEngine(say);
}

function noEngine({ url, reason }: NoEngine, fix: string): MachineError {
  const details = [`tried ${url}: ${reason}`, outerEngineChoice().chosen];
  return new MachineError("There is no Docker engine to work with", { details, fix });
}

function byHand({ url, forbidden }: NoEngine): string {
  if (forbidden) {
    return "let yourself use it: `sudo usermod -aG docker $USER`, then log in again (this makes you root on the machine)";
  }
  if (url !== systemSocket) {
    return "start that engine, or name another with DOCKER_HOST or `docker context use NAME`";
  }
  return process.platform === "linux"
    ? "install and start Docker (https://docs.docker.com/engine/install/), or run this as root on Debian or Ubuntu"
    : "install and start Docker Desktop: https://docs.docker.com/get-started/get-docker/";
}
