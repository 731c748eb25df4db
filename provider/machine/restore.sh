#!/bin/sh
# Puts a machine back as Drydock found it, by the record in this folder, which goes last. May run again after it was
# interrupted.
record=/var/lib/drydock-machine
ssh=~root/.ssh

# Lines of standard input that the record has not.
new_since() { LC_ALL=C sort | LC_ALL=C comm -13 "$record/$1" -; }

answers() { docker version > /dev/null 2>&1; }

# Where systemd is not the first process, a service is started before it answers.
await_engine() {
  timeout 60 sh -c 'until docker version > /dev/null 2>&1; do sleep 0.2; done' ||
    { echo 'waited 60 s for the Docker engine to answer after its start' >&2; return 1; }
}

leave_swarm() {
  [ "$(docker info --format '{{.Swarm.LocalNodeState}}' 2> /dev/null)" = inactive ] || docker swarm leave --force
}

# What the engine has got since, containers first.
remove_objects() {
  for kind in containers networks volumes images; do LC_ALL=C sort -o $record/$kind $record/$kind; done
  docker ps --all --quiet --no-trunc | new_since containers | xargs -r docker rm --force --volumes
  docker network ls --filter type=custom --quiet --no-trunc | new_since networks | xargs -r docker network rm
  docker volume ls --quiet | new_since volumes | xargs -r docker volume rm
  # By id and forced, each goes with all its names; one that went along with another is gone.
  for image in $(docker image ls --all --quiet --no-trunc | sort -u | new_since images); do
    docker image rm --force "$image" > /dev/null 2>&1 || ! docker image inspect "$image" > /dev/null 2>&1
  done
}

# The engine that was there, with its own settings.
restore_engine() {
  if ! cmp -s $record/daemon.json /etc/docker/daemon.json; then
    if [ -e $record/daemon.json ]; then cp -p $record/daemon.json /etc/docker/daemon.json; else rm -f /etc/docker/daemon.json; fi
    touch $record/restart
  fi
  if [ -e $record/restart ]; then
    service docker restart 9<&-
    await_engine
    rm $record/restart
  fi
  remove_objects
  restore_firewall
}

# An engine that was not there, and all that it made.
remove_engine() {
  if answers; then
    docker ps --all --quiet | xargs -r docker rm --force --volumes
    docker network prune --force > /dev/null
    docker network rm docker_gwbridge > /dev/null 2>&1 || :
  fi
  if [ -d /run/systemd/system ]; then
    systemctl stop docker.socket docker.service containerd.service 2> /dev/null || :
  else
    service docker stop > /dev/null 2>&1 || :
  fi
  for shim in $(pidof containerd-shim-runc-v2); do kill -9 "$shim"; done
  awk '$2 ~ "^(/var/lib/docker|/run/docker|/var/lib/containerd|/run/containerd)/" {print $2}' /proc/mounts |
    sort -r | xargs -r umount --lazy
  for link in $(ls /sys/class/net | new_since links); do
    case $link in docker* | br-* | veth* | vx-*) ip link delete "$link" 2> /dev/null || [ ! -e "/sys/class/net/$link" ] ;; esac
  done
  restore_firewall

  export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
  dpkg --configure -a 9<&-
  ours=$(dpkg-query -W -f '${db:Status-Abbrev} ${binary:Package}\n' | new_since packages | awk '{print $NF}')
  # What others installed meanwhile is theirs.
  [ ! -e $record/packages.ours ] || ours=$(echo "$ours" | grep -xF -f $record/packages.ours || :)
  [ -z "$ours" ] || apt-get -q -y -o DPkg::Lock::Timeout=300 purge $ours 9<&-
  for folder in /etc/docker /etc/containerd /etc/cni /opt/containerd /opt/cni /var/lib/docker /var/lib/containerd; do
    grep -qx $folder $record/folders || rm -rf $folder
  done
  rm -rf /run/docker /run/docker.sock /run/docker.pid /run/containerd
  if ! grep -q '^docker:' $record/group && grep -q '^docker:' /etc/group; then groupdel docker; fi
  cat $record/ip_forward > /proc/sys/net/ipv4/ip_forward
  [ ! -d /run/systemd/system ] || { systemctl daemon-reload; systemctl reset-failed docker.service docker.socket containerd.service 2> /dev/null || :; }
}

# Takes out the rules, chains and tables of Docker that were not there, and puts back the policies of the others.
restore_firewall() {
  for tool in iptables ip6tables; do
    command -v $tool-restore > /dev/null || continue
    $tool-save 2> /dev/null | awk -v before="$record/$tool" '
      function table_of(line) { return substr(line, 2) }
      BEGIN {
        while ((getline line < before) > 0) {
          if (line ~ /^\*/) { table = table_of(line); continue }
          sub(/ \[[0-9]+:[0-9]+\]$/, "", line)
          known[table, line]++
          if (line ~ /^:/) { split(line, part, " "); policy[table, part[1]] = part[2] }
        }
      }
      /^\*/ { table = table_of($0); print; next }
      /^COMMIT/ { printf "%s%s", rules, chains; rules = chains = ""; print; next }
      /^:/ {
        if ($2 == "-") { if (!((table, $1) in policy) && $1 ~ /^:DOCKER/) chains = chains "-X " substr($1, 2) "\n" }
        else {
          was = ((table, $1) in policy) ? policy[table, $1] : "ACCEPT"
          if (was != $2) print $1, was, "[0:0]"
        }
        next
      }
      # By their numbers, the last first: what an engine adds a second time is not the one that was there.
      /^-A/ {
        place = ++count[table, $2]
        if (++have[table, $0] > known[table, $0] && /DOCKER|docker0|docker_gwbridge| br-|dport 4789/)
          rules = "-D " $2 " " place "\n" rules
      }
    ' | $tool-restore --noflush
    # Of an empty table nothing is left once it is restored as such.
    for table in $($tool-save 2> /dev/null | sed -n 's/^\*//p'); do
      grep -qxF "*$table" $record/$tool || $tool-save -t "$table" | grep -q '^-A\|^:[^ ]* -' ||
        printf '*%s\nCOMMIT\n' "$table" | $tool-restore
    done
  done
}

# Takes the marked lines out of a file; the file is the one that was found when nothing else has changed in it.
restore_lines() {
  file=$1 found=$record/$2 rest=$3
  if [ -e "$found" ] && [ "$rest" = "$(cat "$found")" ]; then cat "$found" > "$file"; touch -r "$found" "$file"
  elif [ -n "$rest" ]; then printf '%s\n' "$rest" > "$file"
  elif [ ! -e "$found" ]; then rm -f "$file"
  else : > "$file"
  fi
}

restore_files() {
  find /root /etc/docker /etc/drydock /etc/profile.d/drydock-* -xdev 2> /dev/null | new_since paths |
    grep -vxE '/root/\.ssh(/authorized_keys)?' | xargs -r -d '\n' rm -rf --
  [ ! -e $ssh/authorized_keys ] ||
    restore_lines $ssh/authorized_keys authorized_keys "$(grep -v ' drydock:[^ ]*$' $ssh/authorized_keys)"
  grep -qx $ssh $record/paths || rmdir $ssh 2> /dev/null || :
  [ ! -e $record/overlay-pool ] || cp -p $record/overlay-pool /root/lab/overlay-pool
  restore_lines /etc/hosts hosts "$(sed '/^# drydock begin$/,/^# drydock end$/d' /etc/hosts)"
}

# The copies that the tools of accounts keep, where the accounts are the same again.
restore_copies() {
  for file in passwd shadow group gshadow; do
    cmp -s /etc/$file $record/$file || continue
    if [ -e $record/$file- ]; then cmp -s /etc/$file- $record/$file- || cp -p $record/$file- /etc/$file-; else rm -f /etc/$file-; fi
  done
}

main() {
  set -eu
  exec 9< /var/lib
  flock -w 300 9 || { echo 'another Drydock works on it' >&2; exit 1; }
  rm -rf $record.part $record.gone
  [ -d $record ] || exit 0
  cd /
  ! answers || leave_swarm
  if [ "$(cat $record/engine)" = none ]; then remove_engine; else restore_engine; fi
  restore_files
  restore_copies
  mv $record $record.gone
  rm -rf $record.gone
}

PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
main < /dev/null
exit
