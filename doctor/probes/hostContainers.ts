import type { Probe } from "../facts.ts";

/** Whether the engine starts a container with the rights of a host. */
export const hostContainers: Probe = ({ start }) => {
  const about = "host containers";
  if (start === undefined) return [];
  if ("unseen" in start) {
    const fix = "Run `./drydock setup`, which gets what hosts are made from, and look again.";
    return [{ about, verdict: "warning", seen: `could not be tried: ${start.unseen}`, fix }];
  }
  if (start.explicit !== undefined) {
    const fix =
      "Use an engine that runs as root with SYS_ADMIN and NET_ADMIN, unconfined by seccomp: DOCKER_HOST names another.";
    return [{ about, verdict: "problem", seen: `the capabilities of a host are refused: ${start.explicit}`, fix }];
  }
  const privileged = start.privileged === undefined ? "allowed too, not needed" : "refused, not needed";
  return [{ about, verdict: "ok", seen: `an explicit list of capabilities works; --privileged is ${privileged}` }];
};
