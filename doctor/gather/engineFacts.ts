import type Docker from "dockerode";
import { z } from "zod";
import { originOfBase } from "../../images/labImages.ts";
import type { EngineFacts } from "../facts.ts";

const info = z.object({
  ServerVersion: z.string(),
  OperatingSystem: z.string(),
  KernelVersion: z.string(),
  Name: z.string(),
  NCPU: z.number(),
  Driver: z.string(),
  DriverStatus: z.array(z.tuple([z.string(), z.string()])).nullish(),
  /** Absent from engines that know version 1 alone. */
  CgroupVersion: z.string().default("1"),
  SecurityOptions: z.array(z.string()).nullish(),
  DockerRootDir: z.string(),
});

/** Where an engine runs, so that it is known whether we are there too. */
export interface EngineHome {
  hostname: string;
  kernel: string;
  /** Folder of its data. */
  data: string;
}

/** Asks an engine what it is. */
export async function engineFacts(engine: Docker): Promise<{ facts: EngineFacts; home: EngineHome }> {
  const [answer, imageOrigin] = await Promise.all([
    engine.info().then((found) => info.parse(found)),
    originOfBase(engine),
  ]);
  const status = new Map(answer.DriverStatus ?? []);
  return {
    facts: {
      version: answer.ServerVersion,
      operatingSystem: answer.OperatingSystem,
      kernel: answer.KernelVersion,
      cpus: answer.NCPU,
      storageDriver: answer.Driver,
      backingFilesystem: status.get("Backing Filesystem") ?? "",
      dType: status.get("Supports d_type") !== "false",
      cgroupVersion: Number(answer.CgroupVersion),
      rootless: (answer.SecurityOptions ?? []).includes("name=rootless"),
      imageOrigin,
    },
    home: { hostname: answer.Name, kernel: answer.KernelVersion, data: answer.DockerRootDir },
  };
}
