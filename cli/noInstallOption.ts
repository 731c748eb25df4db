import { Option } from "commander";

/** The option of every command that does the set-up where something is missing. */
export const noInstallOption = (): Option =>
  new Option("--no-install", "refuse where a system package is missing, rather than install it");
