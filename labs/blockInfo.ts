import { capabilities, type Capability } from "./lab.ts";
import { knownNames } from "./suggest.ts";

/** What the info string of a command block says, such as `bash host=manager-1 solution needs=ipvs`. */
export interface BlockInfo {
  /** A host of the lab, or "laptop": the learner's own machine. */
  host: string;
  /** Part of the solution, so folded away until the learner asks for it. */
  solution: boolean;
  /** Runs only where the hosts can do all of these. */
  needs: Capability[];
  /** Runs only where the hosts can do none of these. */
  without: Capability[];
}

/** The learner's own machine, as a block's host. */
export const laptop = "laptop";

const words = ["host=", "solution", "needs=", "without="];

/** The info string's meaning; undefined for an illustration, which never runs. Mistakes go to `problem`. */
export function parseBlockInfo(
  info: string,
  hosts: readonly string[],
  problem: (message: string) => void,
): BlockInfo | undefined {
  const [language = "", ...rest] = info.split(/\s+/);
  if (rest.length === 0) return undefined;
  if (language !== "bash") {
    problem(`a command block is bash, not "${language}"; an illustration has no words after its language`);
    return undefined;
  }
  const block: BlockInfo = { host: "", solution: false, needs: [], without: [] };
  for (const word of rest) {
    const [key = "", value = ""] = word.split("=", 2);
    if (word === "solution") block.solution = true;
    else if (key === "host" && value) block.host = value;
    else if (key === "needs" || key === "without") block[key].push(...parseCapabilities(value, problem));
    else problem(`"${word}" is no word of a command block: ${knownNames(word, words)}`);
  }
  if (!block.host) problem(`a command block says where it runs: add host=NAME (${hosts.join(", ")} or ${laptop})`);
  else if (![laptop, ...hosts].includes(block.host))
    problem(`the lab has no host "${block.host}": ${knownNames(block.host, [laptop, ...hosts])}`);
  return block;
}

function parseCapabilities(list: string, problem: (message: string) => void): Capability[] {
  return list.split(",").flatMap((name) => {
    const capability = capabilities.find((known) => known === name);
    if (!capability) problem(`"${name}" is no capability: ${knownNames(name, capabilities)}`);
    return capability ?? [];
  });
}
