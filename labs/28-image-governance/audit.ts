import { z } from "zod";
import type { CheckHost } from "../check.ts";

/** What an engine asked, as OPA's decision log has it. */
const decision = z.object({
  time: z.string(),
  erased: z.array(z.string()).optional(),
  input: z.object({ RequestBody: z.string().optional() }),
  request_context: z.object({ http: z.object({ headers: z.object({ "X-Engine": z.tuple([z.string()]) }) }) }),
  result: z.object({ Allow: z.boolean(), Msg: z.string(), action: z.string(), image: z.string() }),
});
export type Decision = z.infer<typeof decision>;

/** The decisions of the policy server whose lines have that text, the oldest first; the last 50 at most. */
export const decisions = (hub: CheckHost, text: string): Promise<Decision[]> => read(hub, "", text);

/** The last question that an engine was just made to ask, unless it asked none. */
export async function justAsked(hub: CheckHost, engine: CheckHost): Promise<Decision | undefined> {
  await engine.engine("/version");
  const asked = await read(hub, "--since 10s ", '"action":"GET /version"');
  return asked.findLast(({ request_context: { http } }) => http.headers["X-Engine"][0] === engine.name);
}

async function read(hub: CheckHost, since: string, text: string): Promise<Decision[]> {
  const { stdout } = await hub.run(`docker logs ${since}policy 2>&1 | grep -F '${text}' | tail -n 50`);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => decision.safeParse(JSON.parse(line)).data ?? []);
}
