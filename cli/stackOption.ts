import { InvalidArgumentError, Option } from "commander";

/** Pulumi's rule for the names of stacks; "." and ".." would be folders of their own. */
const stackName = /^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}$/;

/** The option that names the stack: the command line's, else DRYDOCK_STACK's, else dev. */
export function stackOption(environment = process.env): Option {
  const option = new Option("--stack <name>", "the stack").default("dev").argParser(parseStackName);
  // A variable that is set to nothing is not set.
  return environment.DRYDOCK_STACK ? option.env("DRYDOCK_STACK") : option;
}

function parseStackName(name: string): string {
  if (stackName.test(name)) return name;
  throw new InvalidArgumentError(
    'A stack\'s name has 1 to 100 letters, digits, "-", "_" and ".", and is not "." or "..".',
  );
}
