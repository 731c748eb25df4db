import { readFileSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { MachineError } from "../stacks/machineError.ts";
import { dockerConfigFolder, outerEngineChoice, outerEngineUrl, setting } from "./outerUrl.ts";
import { ping } from "./ping.ts";

/**
 * A client for the outer engine, not yet asked anything.
 * @throws MachineError when the URL is none.
 */
export function outerEngineClient(url = outerEngineUrl()): Docker {
  const socket = /^(?:unix|npipe):\/\/(.+)$/.exec(url)?.[1];
  if (socket !== undefined) return new Docker({ socketPath: socket });
  const parsed = URL.parse(url);
  if (!parsed?.hostname) {
    throw new MachineError(`"${url}" names no Docker engine`, {
      fix: "set DOCKER_HOST to a URL such as unix:///var/run/docker.sock, or to nothing",
    });
  }
  const { protocol, hostname, port } = parsed;
  if (protocol === "ssh:" || !loopback.has(hostname)) {
    throw new MachineError(`The engine ${url} is on another machine`, {
      details: ["hosts are reached on this machine's loopback address, so it takes a local engine"],
      fix: "choose a local engine with DOCKER_HOST=unix:///var/run/docker.sock or `docker context use`",
    });
  }
  return (setting("DOCKER_CERT_PATH") ?? setting("DOCKER_TLS_VERIFY"))
    ? new Docker({ ...readCertificates(), protocol: "https", host: hostname, port: port || 2376 })
    : new Docker({ protocol: "http", host: hostname, port: port || 2375 });
}

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

function readCertificates(): { ca: string; cert: string; key: string } {
  const folder = setting("DOCKER_CERT_PATH") ?? dockerConfigFolder();
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
}

/**
 * A client for the outer engine that has answered.
 * @throws MachineError when it does not answer within 10 seconds.
 */
export async function outerEngine(): Promise<Docker> {
  const { url, chosen } = outerEngineChoice();
  const engine = outerEngineClient(url);
  try {
    await ping(engine);
  } catch (error) {
    throw new MachineError(`No Docker engine answers at ${url}`, {
      details: [error instanceof Error ? error.message : String(error), chosen],
      fix: "start the engine, or name another with DOCKER_HOST or `docker context use`; `./drydock setup` installs one where it can",
    });
  }
  return engine;
}
