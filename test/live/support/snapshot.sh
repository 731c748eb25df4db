# Prints all of a machine that being a host may change, a fact a line. What changes by itself is left out: logs, caches,
# clocks, the lists of packages that are to be had, dpkg's own files, whose content the first lines are, sessions, jobs of
# timers, and whether something has waited for the network.
main() {
  export LC_ALL=C
  dpkg-query -W -f 'package ${db:Status-Abbrev} ${binary:Package} ${Version}\n'
  getent passwd | sed 's/^/user /'
  getent group | sed 's/^/group /'
  find / -xdev \( -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /var/tmp -o -path /var/log -o -path /var/cache \
    -o -path /var/lib/apt -o -path '/var/lib/dpkg/*' -o -path /var/lib/systemd/timesync -o -path /var/lib/systemd/random-seed \
    -o -path /var/lib/docker -o -path /var/lib/containerd \) -prune -o -printf 'file %y %m %u:%g %p %l\n' | sort
  find / -xdev \( -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /var/tmp -o -path /var/log -o -path /var/cache \
    -o -path /var/lib/apt -o -path '/var/lib/dpkg/*' -o -path /var/lib/systemd/timesync -o -path /var/lib/systemd/random-seed \
    -o -path /var/lib/docker -o -path /var/lib/containerd \) -prune -o -type f -print0 | sort -z | xargs -0 sha256sum | sed 's/^/content /'
  for folder in /var/lib/docker /var/lib/containerd; do [ ! -e $folder ] || echo "folder $folder"; done
  ls /sys/class/net | sed 's/^/link /'
  ip -4 -o address | awk '{print "address", $2, $4}'
  ip route | sed 's/^/route /'
  for option in net.ipv4.ip_forward net.ipv4.conf.all.forwarding; do echo "option $option $(cat /proc/sys/$(echo $option | tr . /))"; done
  for tool in iptables ip6tables; do ! command -v $tool-save > /dev/null || $tool-save | grep -v '^#' | sed 's/ \[[0-9:]*\]$//' | awk -v tool=$tool '/^[*]/ {table = $0} {print tool, table, $0}'; done
  ! command -v nft > /dev/null || nft -s list ruleset | sed 's/^/nft /'
  if command -v docker > /dev/null; then
    docker info --format 'swarm {{.Swarm.LocalNodeState}}'
    docker ps --all --quiet --no-trunc | sed 's/^/container /'
    docker network ls --format 'network {{.Name}} {{.Driver}}' | sort
    docker volume ls --quiet | sed 's/^/volume /'
    docker image ls --all --no-trunc --format 'image {{.ID}} {{.Repository}}:{{.Tag}}' | sort
  fi
  systemctl list-unit-files --no-legend --no-pager | awk '{print "unit", $1, $2}'
  systemctl list-units --all --no-legend --no-pager --plain --type service,socket | awk '$4 != "dead" || $2 != "not-found" {print "running", $1, $2, $3, $4}' | grep -vE 'user@|session|apt-|dpkg-|fstrim|tmpfiles-clean|logrotate|man-db|wait-online'
}
PATH=/usr/sbin:/usr/bin:/sbin:/bin
main < /dev/null
