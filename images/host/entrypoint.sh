#!/bin/sh
# Boots a host: cgroups, image layers, then the services in /etc/service. TERM powers off (status 0), HUP reboots (status 1).
set -eu

# cgroup v1 gives each controller a mount of its own, v2 one for all.
for mount in /sys/fs/cgroup /sys/fs/cgroup/*/; do
  mountpoint -q "$mount" && mount -o remount,bind,rw "$mount"
done

# In v2 a cgroup has either processes or controllers for its children, so ours move to a child first.
cgroup=/sys/fs/cgroup
if [ -e $cgroup/cgroup.controllers ]; then
  mkdir -p $cgroup/host
  while read -r pid; do
    echo "$pid" > $cgroup/host/cgroup.procs || true
  done < $cgroup/cgroup.procs
  sed 's/^/+/; s/ / +/g' $cgroup/cgroup.controllers > $cgroup/cgroup.subtree_control
fi

# The layer store's images, once: what the learner removes stays removed. See drydock-layers.
store=/var/lib/drydock/layers
if [ -e $store/complete ] && [ ! -d /var/lib/docker/containers ]; then
  cp -a $store/seed/. /var/lib/docker/
elif [ -d /var/lib/docker/overlay2 ] && [ -n "$(find /var/lib/docker/overlay2 -maxdepth 2 -name diff -xtype l -print -quit)" ]; then
  echo "This host's images have files in a layer store that is not mounted at $store. Mount the one that its /var/lib/docker was begun with, or give it a new volume."
  exit 78
fi

runsvdir -P /etc/service &
stop() {
  trap '' TERM HUP
  sv -w 20 force-stop docker ssh dns
  exit "$1"
}
trap 'stop 0' TERM INT
trap 'stop 1' HUP
wait
