import { declare } from "../../components/declare.ts";
import type { TestHost } from "../provider/testLab.ts";
import type { LiveResource } from "./liveProgram.ts";

/** Two web servers on a host's loopback that answer with their names, by their ports. */
export const ports = { blue: 8081, green: 8082 } as const;

export async function startBlueAndGreen(host: TestHost): Promise<void> {
  for (const [name, port] of Object.entries(ports))
    await host.run(`docker run --detach --name ${name} --hostname ${name} --publish 127.0.0.1:${port}:80 nginx`);
}

/** Who answered so many requests, and how many failed. */
export async function ask(host: TestHost, url: string, times: number): Promise<Record<string, number>> {
  const one = `curl -sf --max-time 5 ${url}/hostname || echo failed`;
  const answers = (await host.run(`for i in $(seq ${times}); do ${one}; done`)).split("\n");
  return Object.fromEntries([...new Set(answers)].map((who) => [who, answers.filter((one) => one === who).length]));
}

/** Does what an `up` would, with another declaration of the same service. */
export async function declareAnew(service: LiveResource, declaration: () => unknown): Promise<void> {
  const { declared } = await declare(declaration);
  const inputs = declared.find(({ type }) => type === service.type)?.inputs ?? {};
  await service.handler.update?.(service.id, service.state, inputs);
}
