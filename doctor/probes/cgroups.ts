import type { Probe } from "../facts.ts";

/** Which cgroups there are: hosts run on both versions. */
export const cgroups: Probe = ({ engine: { cgroupVersion } }) => [
  cgroupVersion === 1 || cgroupVersion === 2
    ? { about: "cgroups", verdict: "ok", seen: `version ${cgroupVersion}` }
    : {
        about: "cgroups",
        verdict: "problem",
        seen: "the engine has none, so hosts could not run containers",
        fix: "Mount cgroups (cgroup2 on /sys/fs/cgroup) and restart the engine.",
      },
];
