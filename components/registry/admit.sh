# Lets accounts that may only pull have an image, once its signature by the admission key is found good:
#   $registry-admit NAME@sha256:...              such as app@sha256:..., without the registry's address
#   $registry-admit --withdraw NAME@sha256:...   they may not have it any more
# An image of several platforms is admitted with all of them.
set -eu
umask 077
folder=/root/$registry/admitted

action=admit
[ "${1:-}" = --withdraw ] && { action=withdraw; shift; }
printf '%s' "${1:-}" | grep -Eq '^[a-z0-9._/-]+@sha256:[0-9a-f]{64}$' || {
  echo "usage: $registry-admit [--withdraw] NAME@sha256:DIGEST; received \"${1:-}\"" >&2
  exit 2
}
image=$1 name=${1%@*} digest=${1#*@}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
password=$(cat "/root/$registry/$account.password")

verify() {
  printf '{"auths":{"%s":{"auth":"%s"}}}' "$address" "$(printf '%s' "$account:$password" | base64 -w 0)" > "$work/config.json"
  docker run --rm --network host --user 0:0 --volume "$work:/docker:ro" --env DOCKER_CONFIG=/docker \
    --mount "type=bind,source=$ca,target=/etc/ssl/certs/lab-ca.crt,readonly" \
    --mount "type=bind,source=/root/$registry/admission.pub,target=/admission.pub,readonly" \
    "$cosign" verify --key /admission.pub --insecure-ignore-tlog=true "$address/$image" > /dev/null 2> "$work/said" || {
    echo "refused: $image has no good signature by the admission key" >&2
    tail -n 3 "$work/said" >&2
    exit 1
  }
}
# The paths of an image: its manifest, what that refers to, and the same of each of its platforms.
paths() {
  printf 'user = "%s:%s"\n' "$account" "$password" | curl -fsS --config - --cacert "$ca" \
    -H 'Accept: application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json' \
    -H 'Accept: application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json' \
    "https://$address/v2/$name/manifests/$1" > "$work/$1"
  echo "/v2/$name/manifests/$1"
  jq -r '(.config, .layers[]?) | .digest | select(.)' "$work/$1" | sed "s#^#/v2/$name/blobs/#"
  for platform in $(jq -r '.manifests[]?.digest' "$work/$1"); do paths "$platform"; done
}

exec 9> "/run/$registry-admit.lock"
flock 9
touch "$folder/images"
grep -v " $image\$" "$folder/images" > "$work/images" || true
if [ "$action" = admit ]; then
  verify
  paths "$digest" > "$work/paths"
  sed "s#\$# $image#" "$work/paths" >> "$work/images"
fi
# nginx takes no path twice, and images may share blobs. It reads the list whole or not at all.
cut -d ' ' -f 1 "$work/images" | sort -u | sed 's/$/ 1;/' > "$folder/admitted.new"
cp "$work/images" "$folder/images.new"
mv "$folder/images.new" "$folder/images"
mv "$folder/admitted.new" "$folder/admitted.conf"
docker exec "$(container "$front")" nginx -s reload 2> "$work/said" || { cat "$work/said" >&2; exit 1; }
# What the gate says comes before the password is looked at: 403 for what is not admitted.
answers() {
  curl -sS --cacert "$ca" --user "$puller:" --max-time 5 -o /dev/null -w '%{http_code}' "https://$address/v2/$name/manifests/$digest"
}
[ "$action" = admit ] && wanted=401 || wanted=403
deadline=$(($(date +%s) + 20))
until [ "$(answers)" = $wanted ]; do
  [ "$(date +%s)" -lt $deadline ] || { echo "after 20 s the gate has not read $folder/admitted.conf" >&2; exit 1; }
  sleep 0.1
done
echo "$action: $image"
