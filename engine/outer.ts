import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Agent } from "node:http";
import { inspect } from "node:util";
import Docker from "dockerode";
import { MachineError } from "../stacks/machineError.ts";
import { dockerConfigFolder, outerEngineChoice, outerEngineUrl, setting } from "./outerUrl.ts";
import { ping } from "./ping.ts";
import { engineStream, isRemote, remoteFix } from "./remoteMachine.ts";

/**
 * A client for an outer engine, that of `outerEngineUrl` by default, not yet asked anything.
 * @throws MachineError when the URL is none.
 */
export function outerEngineClient(url = outerEngineUrl()): Docker {
  if (isRemote(url)) return remoteClient(url);
  const socket = /^(?:unix|npipe):\/\/(.+)$/.exec(url)?.[1];
  if (socket !== undefined) return new Docker({ socketPath: socket });
  const parsed = URL.parse(url);
  if (!parsed?.hostname) {
    throw new MachineError(`"${url}" names no Docker engine`, {
      fix: "set DOCKER_HOST to a URL such as unix:///var/run/docker.sock, or to nothing",
    });
  }
  const { protocol, hostname, port } = parsed;
  if (!loopback.has(hostname)) {
    throw new MachineError(`The engine ${url} is on another machine`, {
      details: [`${protocol}// reaches its engine, but not its loopback address, where hosts are reached`],
      fix: "name it by SSH, as `drydock:engine: ssh://user@host` in the stack's file or as DOCKER_HOST, or choose a local engine",
    });
  }
  return (setting("DOCKER_CERT_PATH") ?? setting("DOCKER_TLS_VERIFY"))
    ? new Docker({ ...readCertificates(), protocol: "https", host: hostname, port: port || 2376 })
    : new Docker({ protocol: "http", host: hostname, port: port || 2375 });
}

const remoteClients = new Map<string, Docker>();

/** One client an engine: its connections are processes, and stay open for the next request. */
function remoteClient(url: string): Docker {
  const known = remoteClients.get(url);
  if (known) return known;
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  agent.createConnection = () => engineStream(url);
  // docker-modem writes each request's options out in full, agent and connection included, for a log that is off.
  Object.assign(agent, { [inspect.custom]: () => `agent of ${url}` });
  // dockerode hands the agent on to its HTTP client, though its types do not know it.
  const options = { protocol: "http" as const, host: "docker", port: 80, agent };
  const client = new Docker(options);
  remoteClients.set(url, client);
  return client;
}

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

function readCertificates(): { ca: string; cert: string; key: string } {
  const folder = setting("DOCKER_CERT_PATH") ?? dockerConfigFolder();
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
}

/**
 * A client for an outer engine that has answered, that of `outerEngineUrl` by default.
 * @throws MachineError when it does not answer within 10 seconds.
 */
export async function outerEngine(url = outerEngineUrl()): Promise<Docker> {
  const engine = outerEngineClient(url);
  try {
    await ping(engine);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new MachineError(`No Docker engine answers at ${url}`, {
      details: [...words.trim().split("\n"), ...whatChose(url)],
      fix: isRemote(url) ? remoteFix(url, words) : localFix,
    });
  }
  return engine;
}

/** What chose an engine; nothing for one that a stack's settings name. */
function whatChose(url: string): string[] {
  if (isRemote(url) && setting("DOCKER_HOST") !== url) return [];
  return [outerEngineChoice().chosen];
}

const localFix =
  "start the engine, or name another with DOCKER_HOST or `docker context use`; `./drydock setup` installs one where it can";
