import type Docker from "dockerode";
import { hostPrivileges } from "../../images/hostPrivileges.ts";
import type { StartFacts } from "../facts.ts";
import { runTemporary } from "./temporaryContainer.ts";

const deadlineMs = 20_000;

/** Tries to start a container with a host's rights, and one with --privileged. */
export async function startFacts(engine: Docker, hostImage: () => Promise<string>): Promise<StartFacts> {
  const image = await hostImage();
  const attempt = async (HostConfig: Docker.HostConfig): Promise<string | undefined> => {
    try {
      const options = { Image: image, Entrypoint: ["true"], HostConfig: { ...HostConfig, NetworkMode: "none" } };
      await runTemporary(engine, options, deadlineMs);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  return {
    explicit: await attempt(hostPrivileges),
    privileged: await attempt({ Privileged: true }),
  };
}
