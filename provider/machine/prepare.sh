# Makes a machine a host of a stack, after it has recorded how it was found. May run again, also after it was interrupted.
# Given: labels, whose host it is, in JSON; id, of the record; restore, the script that undoes it; packages, to install where
# there is no engine (empty: none may be); daemon, the engine's settings; keys, lines of authorized_keys; mark, their
# ending; names, lines for /etc/hosts; pool, for /root/lab/overlay-pool.
record=/var/lib/drydock-machine
ssh=~root/.ssh

# How the machine was found, in a folder of its own.
take_inventory() {
  printf '%s\n' "$id" > "$1/id"
  printf '%s' "$restore" > "$1/restore"
  dpkg-query -W -f '${db:Status-Abbrev} ${binary:Package}\n' | LC_ALL=C sort > "$1/packages"
  find /root /etc/docker /etc/drydock /etc/profile.d -xdev 2> /dev/null | LC_ALL=C sort > "$1/paths"
  for folder in /etc/docker /etc/containerd /etc/cni /opt/containerd /opt/cni /var/lib/docker /var/lib/containerd; do
    [ ! -e $folder ] || echo $folder
  done > "$1/folders"
  for file in /etc/passwd /etc/shadow /etc/group /etc/gshadow; do
    for copy in $file $file-; do [ ! -e $copy ] || cp -p $copy "$1/"; done
  done
  cp -p /etc/hosts "$1/hosts"
  [ ! -e /etc/docker/daemon.json ] || cp -p /etc/docker/daemon.json "$1/"
  [ ! -e $ssh/authorized_keys ] || cp -p $ssh/authorized_keys "$1/"
  [ ! -e /root/lab/overlay-pool ] || cp -p /root/lab/overlay-pool "$1/"
  ls /sys/class/net > "$1/links"
  cat /proc/sys/net/ipv4/ip_forward > "$1/ip_forward"
  for tool in iptables ip6tables; do
    if command -v $tool-save > /dev/null; then $tool-save > "$1/$tool" 2> /dev/null; else : > "$1/$tool"; fi
  done
  if command -v dockerd > /dev/null; then
    docker ps --all --quiet --no-trunc > "$1/containers"
    docker network ls --filter type=custom --quiet --no-trunc > "$1/networks"
    docker volume ls --quiet > "$1/volumes"
    docker image ls --all --quiet --no-trunc > "$1/images"
    ip -o -4 address show dev docker0 2> /dev/null | awk '{print $4}' > "$1/bridge"
    echo found > "$1/engine"
  else
    echo none > "$1/engine"
  fi
}

# Where systemd is not the first process, a service is started before it answers.
await_engine() {
  timeout 60 sh -c 'until docker version > /dev/null 2>&1; do sleep 0.2; done' ||
    { echo 'waited 60 s for the Docker engine to answer after its start' >&2; return 1; }
}

# Writes a file of mode $3, whole or not at all.
put() {
  printf '%s' "$2" > "$1.drydock"
  chmod "$3" "$1.drydock"
  mv "$1.drydock" "$1"
}

main() {
  set -eu
  exec 9< /var/lib
  flock -w 300 9 || { echo 'another Drydock works on it' >&2; exit 1; }
  umask 077
  if [ ! -d $record ]; then
    rm -rf $record.part
    mkdir $record.part
    take_inventory $record.part
    printf '%s' "$labels" > $record.part/labels
    mv $record.part $record
  fi
  put $record/labels "$labels" 600
  umask 022

  mkdir -p /etc/docker /root/lab
  if [ "$(cat /etc/docker/daemon.json 2> /dev/null)" != "$daemon" ]; then
    touch $record/restart
    put /etc/docker/daemon.json "$daemon" 644
  fi

  if [ "$(cat $record/engine)" = none ] && [ ! -e $record/packages.ours ]; then
    export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
    apt="apt-get -q -y -o DPkg::Lock::Timeout=300"
    dpkg --configure -a 9<&-
    $apt update 9<&-
    # Debian and Ubuntu name some of them otherwise: what one does not have is another's.
    have=$(for package in $packages; do apt-cache show "$package" > /dev/null 2>&1 && echo "$package"; done || :)
    $apt install --no-install-recommends $have 9<&-
    dpkg-query -W -f '${db:Status-Abbrev} ${binary:Package}\n' | LC_ALL=C sort |
      LC_ALL=C comm -13 $record/packages - | awk '{print $NF}' > $record/packages.new
    mv $record/packages.new $record/packages.ours
    # It has started with the settings above.
    rm -f $record/restart
  fi
  if [ -e $record/restart ] || ! docker version > /dev/null 2>&1; then
    service docker restart 9<&-
    await_engine
    rm -f $record/restart
  fi

  mkdir -p -m 700 $ssh
  keep=$(grep -v " $mark\$" $ssh/authorized_keys 2> /dev/null || :)
  touch $ssh/authorized_keys.drydock
  [ ! -e $ssh/authorized_keys ] || cp -p $ssh/authorized_keys $ssh/authorized_keys.drydock
  printf '%s\n' ${keep:+"$keep"} "$keys" > $ssh/authorized_keys.drydock
  [ -e $ssh/authorized_keys ] || chmod 600 $ssh/authorized_keys.drydock
  mv $ssh/authorized_keys.drydock $ssh/authorized_keys

  others=$(sed '/^# drydock begin$/,/^# drydock end$/d' /etc/hosts)
  printf '%s\n' "$others" '# drydock begin' "$names" '# drydock end' > /etc/hosts
  put /root/lab/overlay-pool "$pool
" 600
}

PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
main < /dev/null
