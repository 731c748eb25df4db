import { pulumiOptions } from "../cohort/pulumiOptions.ts";
import { environment } from "../setup/environment.ts";
import { homeFolder } from "../stacks/home.ts";
import { stackPrefix } from "../stacks/names.ts";

/** Variables of the environment; null for one that is not to be set. */
export type Variables = Record<string, string | null>;

export interface StackEnvironmentOptions {
  /** The engine that it stands on, when that is on another machine. */
  engineUrl?: string;
  /** Whether it is a cohort's; false by default. */
  cohort?: boolean;
}

/** The variables with which plain `pulumi` and further commands work on a stack. */
export function stackEnvironment(
  stack: string,
  { engineUrl, cohort = false }: StackEnvironmentOptions = {},
): Variables {
  return {
    ...environment(homeFolder()),
    // Pulumi would prefer it to the passphrase file.
    PULUMI_CONFIG_PASSPHRASE: null,
    PULUMI_STACK: stack,
    DRYDOCK_STACK: stack,
    DRYDOCK_PREFIX: stackPrefix(stack),
    ...(engineUrl === undefined ? {} : { DOCKER_HOST: engineUrl }),
    ...(cohort ? optionVariables(pulumiOptions) : {}),
  };
}

/** Options of Pulumi's commands as it takes them from the environment; https://www.pulumi.com/docs/iac/cli/environment-variables. */
const optionVariables = (options: Record<string, string>): Variables =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [`PULUMI_OPTION_${name.toUpperCase().replaceAll("-", "_")}`, value]),
  );
