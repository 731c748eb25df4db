# Frees what no manifest refers to any more, while clients go on pulling. Pushes are refused meanwhile: what a push has
# uploaded and its manifest does not refer to yet would be taken for garbage. The restart at the end also makes the
# registry forget which blobs it had (distribution#3045). Arguments go to the registry's garbage-collect, such as
# --delete-untagged, which also takes manifests that no tag names; it is not for images of several platforms.
set -eu
config=/etc/docker/registry/config.yml

exec 9> "/run/$registry-collect.lock"
flock --nonblock 9 || {
  echo "Another collection of $registry runs."
  exit 1
}

read_only() {
  if [ "$in_swarm" = true ]; then
    # A task that is restarted by hand is another one, with the secrets that its service has.
    setting=REGISTRY_STORAGE_MAINTENANCE_READONLY_ENABLED
    [ "$1" = true ] && change="--env-add $setting=true" || change="--env-rm $setting"
    docker service update --quiet $change "$registry" > /dev/null
  else
    docker exec "$registry" sed -i "s/enabled: .* # while collecting/enabled: $1 # while collecting/" "$config"
    docker restart --time 40 "$registry" > /dev/null
  fi
  timeout 60 sh -c "until curl -fsS --max-time 2 -o /dev/null http://$debug/debug/health 2> /dev/null; do sleep 0.2; done" || {
    echo "$registry does not answer 60 s after its restart:"
    docker logs --tail 15 "$(container "$registry")"
    exit 1
  }
}
held() { docker exec "$(container "$registry")" du -sk /var/lib/registry | cut -f 1; }

# Whatever happens, pushes are taken again.
trap 'read_only false' EXIT
trap 'exit 1' HUP INT TERM
read_only true
before=$(held)
docker exec "$(container "$registry")" registry garbage-collect "$@" "$config"
echo "$registry: $before KiB before, $(held) KiB after"
