import type { CommandSpec } from "../command.ts";
import { audit } from "./audit.ts";
import { bench } from "./bench.ts";
import { check } from "./check.ts";
import { cohort } from "./cohort.ts";
import { doctor } from "./doctor.ts";
import { down } from "./down.ts";
import { env } from "./env.ts";
import { exec } from "./exec.ts";
import { graph } from "./graph.ts";
import { hint } from "./hint.ts";
import { images } from "./images.ts";
import { list } from "./list.ts";
import { open } from "./open.ts";
import { plan } from "./plan.ts";
import { reap } from "./reap.ts";
import { reset } from "./reset.ts";
import { setup } from "./setup.ts";
import { solve } from "./solve.ts";
import { ssh } from "./ssh.ts";
import { status } from "./status.ts";
import { test } from "./test.ts";
import { up } from "./up.ts";
import { verify } from "./verify.ts";

/** Every command, in the order of the help within its group; adding one is a file and a line here. */
export const commands: readonly CommandSpec[] = [
  list,
  plan,
  up,
  status,
  graph,
  down,
  cohort,
  ssh,
  exec,
  open,
  check,
  hint,
  solve,
  reset,
  doctor,
  setup,
  env,
  audit,
  reap,
  images,
  verify,
  bench,
  test,
];
