# Prints what a machine is, a word and its value a line, and changes nothing. Given: address, its own on the network
# between the machines; peers, the others' there.
say() { printf '%s %s\n' "$1" "$2"; }

main() {
  . /etc/os-release
  say os "$ID"
  say version "${VERSION_ID:-}"
  say user "$(id -u)"
  for tool in apt-get dpkg-query perl sshd ip awk flock base64 sha256sum service; do
    command -v $tool > /dev/null || say lacks $tool
  done
  [ -e /snap/bin/docker ] && say lacks 'an engine of its own packages (Docker is a snap here)'
  dpkg-query -W -f '${Status}' podman-docker 2> /dev/null | grep -q ' installed' && say lacks 'room for Docker (podman-docker has its name)'

  if [ -d /var/lib/drydock-machine ]; then
    say record "$(base64 -w 0 /var/lib/drydock-machine/labels)"
    found=/var/lib/drydock-machine/daemon.json
    bridge=$(cat /var/lib/drydock-machine/bridge 2> /dev/null)
  else
    found=/etc/docker/daemon.json
    bridge=$(ip -o -4 address show dev docker0 2> /dev/null | awk '{print $4; exit}')
  fi
  [ -z "$bridge" ] || say bridge "$bridge"
  [ ! -e $found ] || say daemon "$(base64 -w 0 $found)"

  if command -v dockerd > /dev/null; then
    say engine "$(docker version --format '{{.Server.Version}}' 2> /dev/null || echo silent)"
    say swarm "$(docker info --format '{{.Swarm.LocalNodeState}}' 2> /dev/null)"
    say running "$(docker ps --quiet 2> /dev/null | wc -l)"
  fi

  say memory "$(awk '/^MemTotal/ {print int($2 / 1024)}' /proc/meminfo)"
  say disk "$(df -Pm /var/lib | awk 'NR == 2 {print $4}')"
  [ -z "$(ip -o -4 address show to "$address/32")" ] || say owns "$address"
  for peer in $peers; do
    link=$(ip -o route get "$peer" 2> /dev/null | sed -n 's/.* dev \([^ ]*\).*/\1/p')
    [ -z "$link" ] || say mtu "$(cat "/sys/class/net/$link/mtu")"
  done
  sshd -T -C user=root,host=localhost,addr=127.0.0.1 2> /dev/null | grep -E "^(permitrootlogin|pubkeyauthentication|allowstreamlocalforwarding|disableforwarding|authorizedkeysfile) " || :
}

PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
main < /dev/null
