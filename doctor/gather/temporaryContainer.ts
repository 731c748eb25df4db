import type Docker from "dockerode";
import { label } from "../../stacks/labels.ts";

/** Runs a container to its end, and removes it whatever happens. Rejects with the engine's refusal. */
export async function runTemporary(
  engine: Docker,
  options: Docker.ContainerCreateOptions,
  deadlineMs: number,
): Promise<{ code: number; output: string }> {
  const container = await engine.createContainer({ ...options, Labels: { [label.cache]: "temporary" }, Tty: true });
  try {
    await container.start();
    const { StatusCode: code } = (await container.wait({ abortSignal: AbortSignal.timeout(deadlineMs) })) as {
      StatusCode: number;
    };
    const output = await container.logs({ stdout: true, stderr: true, follow: false });
    return { code, output: output.toString().replaceAll("\r\n", "\n") };
  } finally {
    await container.remove({ force: true });
  }
}
