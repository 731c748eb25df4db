import { program } from "./stacks/program.ts";

export const {
  project,
  stack,
  lab,
  learner,
  expiry,
  prefix,
  network,
  hosts,
  registry,
  overlayPool,
  swarm,
  networks,
  components,
  cohort,
} = await program();
