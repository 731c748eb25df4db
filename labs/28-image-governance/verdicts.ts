import { z } from "zod";
import type { CheckHost } from "../check.ts";

/** What somebody would do. */
export interface Wish {
  /** In words, such as "run nginx". */
  words: string;
  /** As Docker's engine asks an authorization plugin. */
  question: { RequestMethod: string; RequestUri: string; RequestBody?: string };
}

const post = (path: string, body?: object) => ({
  RequestMethod: "POST",
  RequestUri: `/v1.45${path}`,
  ...(body ? { RequestBody: Buffer.from(JSON.stringify(body)).toString("base64") } : {}),
});

/** To make a container of an image; perhaps by a request that is none of Docker's own command line. */
export const run = (image: string, { path = "/containers/create", key = "Image" } = {}): Wish => ({
  words: `run ${image}${path === "/containers/create" && key === "Image" ? "" : " by a request in another form"}`,
  question: post(path, { [key]: image }),
});

/** To fetch an image: "name:tag", "name@digest", or a name alone for all its tags. */
export function pull(image: string): Wish {
  const [name = "", digest] = image.split("@");
  const colon = name.lastIndexOf(":");
  const isTagged = digest === undefined && colon > name.lastIndexOf("/");
  const [from, tag] = isTagged ? [name.slice(0, colon), name.slice(colon + 1)] : [name, digest];
  const parameters = new URLSearchParams({ fromImage: from, ...(tag === undefined ? {} : { tag }) });
  return {
    words: `pull ${image}${tag === undefined ? " --all-tags" : ""}`,
    question: post(`/images/create?${parameters.toString()}`),
  };
}

/** What is about no image. */
export const list: Wish = {
  words: "docker ps",
  question: { RequestMethod: "GET", RequestUri: "/v1.45/containers/json" },
};

const evaluated = z.object({
  result: z
    .tuple([z.object({ expressions: z.tuple([z.object({ value: z.array(z.object({ Allow: z.boolean() })) })]) })])
    .optional(),
  errors: z
    .array(z.object({ message: z.string(), location: z.object({ file: z.string(), row: z.number() }).optional() }))
    .optional(),
});

/**
 * Whether the policies of the policy server would allow each wish, or what is wrong with them. OPA's program judges, beside
 * the server, so that no wish stands in the audit log.
 */
export async function judge(hub: CheckHost, wishes: readonly Wish[]): Promise<boolean[] | string> {
  // Where there is no answer the engine refuses.
  const answer = 'array.concat([said | said := data.engine.response with input as asked], [{"Allow": false}])[0]';
  const query = `[answer | some asked in input; answer := ${answer}]`;
  const questions = JSON.stringify(wishes.map(({ question }) => question));
  const { stdout, stderr } = await hub.run(
    `printf %s '${questions}' | docker exec -i policy /opa eval --data /policies --stdin-input --format json '${query}'`,
  );
  const { data } = evaluated.safeParse(parsed(stdout));
  const problem = data?.errors?.[0];
  if (problem)
    return `${problem.location ? `${problem.location.file}:${problem.location.row}: ` : ""}${problem.message}`;
  return data?.result?.[0].expressions[0].value.map(({ Allow }) => Allow) ?? (stderr.trim() || "OPA does not answer");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
