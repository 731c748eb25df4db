import type { Probe } from "../facts.ts";
import { addresses } from "./addresses.ts";
import { capacity } from "./capacity.ts";
import { cgroups } from "./cgroups.ts";
import { cohort } from "./cohort.ts";
import { engine } from "./engine.ts";
import { hostContainers } from "./hostContainers.ts";
import { images } from "./images.ts";
import { inotify } from "./inotify.ts";
import { kernel } from "./kernel.ts";
import { storage } from "./storage.ts";
import { virtualMachines } from "./virtualMachines.ts";

/** Every probe, in the order of the report; adding one is a file and a line here. */
export const probes: readonly Probe[] = [
  engine,
  storage,
  cgroups,
  hostContainers,
  virtualMachines,
  kernel,
  addresses,
  cohort,
  inotify,
  images,
  capacity,
];
