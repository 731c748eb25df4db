/**
 * An ISO date or date-time of what Pulumi hands over, or writes into the file, for a YAML date that stands without quotes:
 * the way Go prints a time, such as "2099-12-31 00:00:00 +0000 UTC". Whatever else is left as it is.
 */
export function isoOfPulumi(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const [, date, time, offset] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) ([+-]\d{4}) \S+$/.exec(value) ?? [];
  if (date === undefined || offset === undefined) return value;
  // A date alone is the same there as its midnight in UTC.
  return time === "00:00:00" && offset === "+0000" ? date : `${date}T${time}${offset.slice(0, 3)}:${offset.slice(3)}`;
}
