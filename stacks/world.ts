import { ownerOf } from "./labels.ts";

/** A network, container or volume, or a context of the Docker client. */
export interface EngineObject {
  name: string;
  labels: Record<string, string>;
}

/** What exists on the engine and on the machine. */
export interface World {
  networks: (EngineObject & { subnets: string[] })[];
  /** `running`, frozen or not, or stopped; `ports` are the TCP ports of the machine that it publishes now. */
  containers: (EngineObject & { running: boolean; ports: number[] })[];
  volumes: EngineObject[];
  /** Of the learner's Docker client. */
  contexts: EngineObject[];
  /** TCP ports in use on the machine, with the process where it is known. */
  listeningPorts: { port: number; holder?: string }[];
  /** Routes of the machine, or the addresses of its interfaces: "10.0.0.0/8", "10.1.2.3/24", "default". */
  routes: { destination: string; device: string }[];
}

/** An object in words, with the stack that its labels name. */
export function described(kind: string, { name, labels }: EngineObject): string {
  const owner = ownerOf(labels);
  return owner === undefined ? `${kind} ${name}` : `${kind} ${name} of stack ${owner.stack} (home ${owner.home})`;
}
