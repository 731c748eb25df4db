import { createServer } from "node:http";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "../temporaryFolder.ts";

/** A request as the engine got it. */
export interface EngineRequest {
  /** Such as "GET /containers/json", without the query. */
  route: string;
  query: URLSearchParams;
  body: Buffer;
}

export interface Answer {
  status: number;
  json?: unknown;
}

export interface FakeEngine {
  /** As in DOCKER_HOST. */
  url: string;
  socket: string;
  /** In the order they came. */
  requests: EngineRequest[];
  /** Ends it, and every connection to it. */
  stop: () => void;
}

/** A Docker engine that answers as it is told, or never when told nothing; it goes when the running test ends. */
export async function fakeEngine(answer: (request: EngineRequest) => Answer | undefined): Promise<FakeEngine> {
  const socket = join(await temporaryFolder(), "engine.sock");
  const requests: EngineRequest[] = [];
  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on("data", (chunk: Buffer) => chunks.push(chunk));
    message.on("end", () => {
      const { pathname, searchParams } = new URL(message.url ?? "/", "http://engine");
      const request = { route: `${message.method} ${pathname}`, query: searchParams, body: Buffer.concat(chunks) };
      requests.push(request);
      const answered = answer(request);
      if (!answered) return;
      const { status, json = { message: `status ${status}` } } = answered;
      response
        .writeHead(status, { "content-type": "application/json" })
        .end(status === 204 ? undefined : JSON.stringify(json));
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(stop);
  return { url: `unix://${socket}`, socket, requests, stop };
}
