import { z } from "zod";
import { fail, type Check, type CheckContext, type CheckHost, type Verdict } from "./check.ts";

/** A request of the load generator, files/load.sh of the labs that have it. */
export interface Request {
  /** When it began and ended, in ms since 1970. */
  began: number;
  ended: number;
  /** HTTP status; "000" where no answer came. */
  status: string;
  ok: boolean;
  /** Address of the load balancer that took it; undefined where none did. */
  entrance: string | undefined;
  /** Name of the replica that answered. */
  replica: string | undefined;
}

/** Below this a run says little. */
const leastRequests = 100;

/** A check's `run` over the requests of a run of load.sh on that host. */
export function onLoad(
  client: string,
  run: string,
  look: (sent: Request[], context: CheckContext) => Promise<Verdict> | Verdict,
): Check["run"] {
  return async (context) => {
    const sent = await requests(context.host(client), run);
    if (!sent)
      return fail(
        `${client} has no /root/load/${run}.log`,
        `\`bash /root/lab/load.sh ${run} SECONDS ENTRANCE\` on ${client} leaves it when it has ended.`,
      );
    return sent.length >= leastRequests
      ? look(sent, context)
      : fail(`the run ${run} has only ${sent.length} requests`, `Let it run until ${leastRequests} have been sent.`);
  };
}

const line = z.tuple([z.coerce.number(), z.coerce.number(), z.string(), z.string(), z.string()]);
const known = (word: string) => (word === "-" ? undefined : word);

/** The requests of a run of load.sh by when they began, or undefined when there was no such run or it has not ended. */
export async function requests(host: CheckHost, run: string): Promise<Request[] | undefined> {
  const { code, stdout } = await host.run(`cat /root/load/${run}.log`);
  if (code !== 0) return undefined;
  return stdout
    .trim()
    .split("\n")
    .filter((text) => text !== "")
    .map((text) => {
      const [began, took, status, entrance, replica] = line.parse(text.split(" "));
      const [by, from] = [known(entrance), known(replica)];
      return { began, ended: began + took, status, ok: status === "200", entrance: by, replica: from };
    });
}

/** Such as "3 of 400 requests failed". */
export const ofAll = (lost: number, sent: readonly Request[]): string => `${lost} of ${sent.length} requests failed`;
