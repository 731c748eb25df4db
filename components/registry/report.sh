# Prints what the cache holds, and how much less it fetched than it sent, as JSON. It counts from its start.
#
# Of blobs Distribution 2.8.3 counts no fetch, and one that it lacks it fetches twice, for the client and for itself, and counts
# as sent twice (registry/proxy/proxyblobstore.go). So what clients got of blobs is read from its access log, and what it counted
# beyond that are the blobs that it lacked.
set -eu
since=$(docker inspect --format '{{ .State.StartedAt }}' "$registry")
sent=$(docker logs --since "$since" "$registry" 2> /dev/null |
  awk '$6 == "\"GET" && $7 ~ /\/blobs\/sha256:/ && $9 ~ /^20[06]$/ { sum += $10 } END { printf "%.0f", sum }')
curl -fsS --max-time 10 "http://$debug/debug/vars" | jq \
  --argjson images "$(curl -fsS --max-time 10 --cacert "$ca" "https://$address/v2/_catalog?n=1000" | jq .repositories)" \
  --argjson held "$(docker exec "$registry" du -sk /var/lib/registry | cut -f 1)" \
  --argjson sent "$sent" --arg since "$since" '
  .registry.proxy as $proxy
  | ([$proxy.blobs.BytesPushed - $sent, 0] | max) as $lacked
  | ($sent + $proxy.manifests.BytesPushed) as $sent
  | (2 * $lacked + $proxy.manifests.BytesPulled) as $fetched
  | { images: $images, heldBytes: ($held * 1024), since: $since, sentBytes: $sent, fetchedBytes: $fetched,
      savedBytes: ($sent - $fetched) }'
