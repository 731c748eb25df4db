import { expect } from "vitest";
import { loadLab } from "../../labs/index.ts";
import { grade } from "../../labs/grade.ts";
import type { Verdict } from "../../labs/check.ts";
import type {
  ClusterState,
  ContainerState,
  ImageState,
  NetworkState,
  RegistriesInfo,
  ServiceState,
  SwarmInfo,
  SwarmNodeState,
  TaskState,
} from "../../labs/engineState.ts";
import { replay, type Changes } from "./replay.ts";

/** A lab's check, on hosts where the work was done but for these changes. */
export async function verdictOf(slug: string, id: string, changes: Changes = {}): Promise<Verdict> {
  const check = (await loadLab(slug).checks()).find((known) => known.id === id);
  if (!check) throw new Error(`${slug} has no check ${id}`);
  const [graded] = await grade([check], replay(slug, "done", changes));
  if (!graded) throw new Error(`${id} was not graded`);
  return graded.verdict;
}

/** Expects that a check fails, for the reason that the changes gave it. */
export async function expectFail(slug: string, id: string, evidence: RegExp, changes: Changes): Promise<void> {
  expect((await verdictOf(slug, id)).verdict, `${id} without changes`).toBe("pass");
  expect(await verdictOf(slug, id, changes)).toMatchObject({
    verdict: "fail",
    evidence: expect.stringMatching(evidence) as string,
    hint: expect.stringMatching(/\S/) as string,
  });
}

/** What the engine's API answers, by the beginning of its path. */
interface Answers {
  "/info": SwarmInfo & RegistriesInfo;
  "/swarm": ClusterState;
  "/nodes": SwarmNodeState[] | SwarmNodeState;
  "/services": ServiceState[];
  "/tasks": TaskState[];
  "/networks": NetworkState[];
  "/containers": ContainerState[];
  "/images": ImageState[];
}

/** Changes what a path of the engine's API answers, on every host where it answers at all. */
export function edit<P extends keyof Answers>(
  path: P,
  change: (answer: Answers[P]) => Answers[P],
): Pick<Changes, "engine"> {
  return {
    engine: (asked, answer) => (asked.startsWith(path) && answer !== undefined ? change(answer as Answers[P]) : answer),
  };
}

/** Changes what the commands that match answer. */
export function say(
  command: RegExp,
  answer: { code?: number; stdout?: string; stderr?: string },
): Pick<Changes, "run"> {
  return {
    run: (asked, result) => (command.test(asked) ? { code: 0, stdout: "", stderr: "", ...answer } : result),
  };
}

/** Changes what the commands that match printed; on all hosts, or on one. */
export function reprint(command: RegExp, change: (stdout: string) => string, on?: string): Pick<Changes, "run"> {
  return {
    run: (asked, result, host) =>
      result && command.test(asked) && (on === undefined || host === on)
        ? { ...result, stdout: change(result.stdout) }
        : result,
  };
}
