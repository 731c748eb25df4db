#!/bin/sh
# Looks at the machine that an engine runs on: a line "NAME VALUE" for each thing seen. Needs root and iproute2, and a
# network namespace that is thrown away afterwards. $1 is a folder on the disk that the engine keeps its data on.
command -v ip >/dev/null || exit 1
try() { "$@" >/dev/null 2>&1; }
limit() { echo "$1 $(cat "/proc/sys/fs/inotify/$1")"; }

awk '/^MemAvailable:/ { print "memoryAvailableMib", int($2 / 1024) }' /proc/meminfo
df -P -k "$1" | awk 'NR == 2 { print "diskFreeMib", int($4 / 1024) }'
limit max_user_instances
limit max_user_watches

if try ip link add drydock0 type vxlan id 1 dstport 4790; then echo vxlan yes; fi
if try ip link add drydock1 type veth peer name drydock2 && try ip link add drydock3 link drydock1 type macvlan; then
  echo macvlan yes
fi
if try ipvsadm -Ln || [ -e /proc/net/ip_vs ] || try modprobe --dry-run ip_vs; then echo ipvs yes; fi
key=0x000102030405060708090a0b0c0d0e0f10111213
if try ip xfrm state add src 127.0.0.1 dst 127.0.0.2 proto esp spi 0x4452 mode transport aead 'rfc4106(gcm(aes))' $key 64; then
  echo esp yes
fi
if [ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" = Y ]; then echo apparmor yes; fi
