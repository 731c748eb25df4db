/**
 * The beginning of a probe: shell lines that define `say`, which says why something does not work and ends the probe, and
 * that say which of these containers does not run.
 * @param found How the shell finds the container of `$name`; by that name by default.
 */
export const mustRun = (names: readonly string[], found = '"$name"'): string =>
  `
say() { echo "$1"; exit 1; }
for name in ${names.join(" ")}; do
  state=$(docker inspect --format '{{ .State.Status }}' ${found} 2> /dev/null) || say "its container $name is gone"
  [ "$state" = running ] || say "its container $name is $state"
done
`.trim();
