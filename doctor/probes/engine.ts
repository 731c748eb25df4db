import type { Probe } from "../facts.ts";

/** Oldest engine that hosts are known to run on. */
const oldest = { major: 20, minor: 10 };

/** Whether the engine is new enough and allowed to do what hosts need. */
export const engine: Probe = ({ engine: { version, operatingSystem, kernel, rootless } }) => {
  const about = "engine";
  const seen = `Docker ${version} on ${operatingSystem}, kernel ${kernel}`;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < oldest.major || (major === oldest.major && minor < oldest.minor)) {
    const fix = `Upgrade the engine: ${oldest.major}.${oldest.minor} is the oldest that hosts run on.`;
    return [{ about, verdict: "problem", seen, fix }];
  }
  if (rootless) {
    const fix = "Use an engine that runs as root: `docker context use default`, or DOCKER_HOST.";
    return [{ about, verdict: "warning", seen: `${seen}, rootless: hosts may lack rights that they need`, fix }];
  }
  return [{ about, verdict: "ok", seen }];
};
