import type Docker from "dockerode";

/** GETs a path of an engine's API, such as `/tasks?filters={"service":["web"]}`; rejects with the engine's message. */
export async function engineGet<T>(engine: Docker, path: string, deadlineMs = 15_000): Promise<T> {
  const { pathname, searchParams } = new URL(path, "http://docker");
  const query = Object.fromEntries(searchParams);
  const hasQuery = Object.keys(query).length > 0;
  return new Promise((resolve, reject) => {
    engine.modem.dial(
      {
        method: "GET",
        path: hasQuery ? `${pathname}?` : pathname,
        options: hasQuery ? query : undefined,
        abortSignal: AbortSignal.timeout(deadlineMs),
        statusCodes: { 200: true },
      },
      (error, answer) => (error ? reject(error) : resolve(answer as T)),
    );
  });
}
