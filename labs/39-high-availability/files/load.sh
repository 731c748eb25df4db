#!/usr/bin/env bash
# Four clients that ask for a page all the time, and count:
#   bash load.sh NAME SECONDS ENTRANCE...
# ENTRANCE is a host with a load balancer. Of several, a client takes the first that it can connect to within a second, as a
# browser does with a name that has several addresses.
# Each request is a line of /root/load/NAME.log: when it began (ms since 1970), milliseconds it took, HTTP status (000 for
# no answer), the entrance's address, the replica that answered.
set -euo pipefail
[ $# -ge 3 ] || { sed -n '2,7s/^# //p' "$0" >&2; exit 2; }
name=$1 seconds=$2
shift 2
addresses=$(for entrance in "$@"; do getent hosts "$entrance" | awk '{ print $1 }'; done | paste -sd , -)
mkdir -p /root/load
log=/root/load/$name.log
now() { echo "${EPOCHREALTIME/[.,]/}"; }
end=$(($(now) + seconds * 1000000))

client() {
  local began answer status address replica
  while began=$(now) && [ "$began" -lt "$end" ]; do
    answer=$(curl -s --connect-timeout 2 --max-time 4 --resolve "shop:80:$addresses" \
      -w '\n%{http_code} %{remote_ip}' http://shop/) || true
    read -r status address <<< "${answer##*$'\n'}"
    # What a load balancer answers by itself is no replica's.
    [ "$status" = 200 ] && replica=${answer%%$'\n'*} || replica=-
    echo "$((began / 1000)) $((($(now) - began) / 1000)) $status ${address:--} $replica" >> "$log.part"
    sleep 0.15
  done
}

: > "$log.part"
for _ in 1 2 3 4; do client & done
wait
sort -n -o "$log.part" "$log.part"
awk '
  { sent++; by[$3 == 200 ? "answered by " $5 : "status " $3]++ }
  $3 != 200 { failed++; if (!first) first = $1; last = $1 }
  END {
    printf "%d requests, %d failed", sent, failed
    if (failed) printf ", over %.1f s", (last - first) / 1000
    print ""
    for (what in by) printf "%6d %s\n", by[what], what
  }' "$log.part"
mv "$log.part" "$log"
