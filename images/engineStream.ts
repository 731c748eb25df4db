import type Docker from "dockerode";
import { z } from "zod";

const engineEvent = z.object({
  /** Output of a build. */
  stream: z.string().optional(),
  error: z.string().optional(),
});
export type EngineEvent = z.infer<typeof engineEvent>;

/**
 * Reads what the engine reports of a build or a push, to its end.
 * @throws Error with the engine's words when the work failed, and the end of the output before it.
 */
export async function readEvents(
  engine: Docker,
  stream: NodeJS.ReadableStream,
  onEvent: (event: EngineEvent) => void = () => undefined,
) {
  const output: string[] = [];
  let failure: string | undefined;
  await new Promise<void>((resolve, reject) => {
    const onProgress = (json: unknown) => {
      const event = engineEvent.parse(json);
      if (event.stream !== undefined) output.push(event.stream);
      failure ??= event.error;
      onEvent(event);
    };
    engine.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()), onProgress);
  });
  if (failure !== undefined) throw new Error([failure, ...output.join("").trimEnd().split("\n").slice(-15)].join("\n"));
}
