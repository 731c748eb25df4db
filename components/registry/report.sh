# Prints what the cache holds, and how much of what it sent it did not have to fetch, as JSON. It counts from its start.
set -eu
curl -fsS --max-time 10 "http://$debug/debug/vars" | jq \
  --argjson images "$(curl -fsS --max-time 10 --cacert "$ca" "https://$address/v2/_catalog?n=1000" | jq .repositories)" \
  --argjson held "$(docker exec "$registry" du -sk /var/lib/registry | cut -f 1)" \
  --arg since "$(docker inspect --format '{{ .State.StartedAt }}' "$registry")" '
  .registry.proxy as $proxy
  | ($proxy.blobs.BytesPushed + $proxy.manifests.BytesPushed) as $sent
  | ($proxy.blobs.BytesPulled + $proxy.manifests.BytesPulled) as $fetched
  | { images: $images, heldBytes: ($held * 1024), since: $since, sentBytes: $sent, fetchedBytes: $fetched,
      savedBytes: ([$sent - $fetched, 0] | max) }'
