# What the collector has received, a line each: driver, container, stream, text. Usage: sh received.sh [DRIVER]
set -eu
jq --raw-output --arg driver "${1:-}" '
  def attributes: map({ key, value: (.value | to_entries[0].value) }) | from_entries;
  .resourceLogs[] | (.resource.attributes // [] | attributes) as $resource
  | select($driver == "" or $resource.driver == $driver)
  | .scopeLogs[].logRecords[] | (.attributes // [] | attributes) as $record
  | [$resource.driver, $record.container, $record.stream, (.body.stringValue // (.body | tostring))] | @tsv
' /var/log/lab/received.jsonl
