import { z } from "zod";
import type { CheckHost } from "../check.ts";

/** What somebody would do with an image. */
export interface Wish {
  verb: "run" | "pull";
  image: string;
}

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
  const query = '[answer | some asked in input; answer := object.get(data.engine, "response", {}) with input as asked]';
  const questions = JSON.stringify(wishes.map(question));
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

/** As Docker's engine asks an authorization plugin. */
function question({ verb, image }: Wish) {
  if (verb === "run")
    return {
      RequestMethod: "POST",
      RequestUri: "/v1.45/containers/create?name=probe",
      RequestBody: Buffer.from(JSON.stringify({ Image: image })).toString("base64"),
    };
  const at = image.indexOf("@");
  const cut = at >= 0 ? at : image.lastIndexOf(":");
  const [name, tag] = [image.slice(0, cut), image.slice(cut + 1)].map(encodeURIComponent);
  return { RequestMethod: "POST", RequestUri: `/v1.45/images/create?fromImage=${name}&tag=${tag}` };
}
