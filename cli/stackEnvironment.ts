import { environment } from "../setup/environment.ts";
import { homeFolder } from "../stacks/home.ts";
import { stackPrefix } from "../stacks/names.ts";

/** Variables of the environment; null for one that is not to be set. */
export type Variables = Record<string, string | null>;

/**
 * The variables with which plain `pulumi` and further commands work on a stack.
 * @param engineUrl The engine that it stands on, when that is on another machine.
 */
export function stackEnvironment(stack: string, engineUrl?: string): Variables {
  return {
    ...environment(homeFolder()),
    // Pulumi would prefer it to the passphrase file.
    PULUMI_CONFIG_PASSPHRASE: null,
    PULUMI_STACK: stack,
    DRYDOCK_STACK: stack,
    DRYDOCK_PREFIX: stackPrefix(stack),
    ...(engineUrl === undefined ? {} : { DOCKER_HOST: engineUrl }),
  };
}
