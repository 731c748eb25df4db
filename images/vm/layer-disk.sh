#!/bin/sh
# Makes a disk of the layer store at /var/lib/drydock/layers, in the volume at /disk, for guests to read.
set -eu
mib=$(du -sm --apparent-size /var/lib/drydock/layers | cut -f 1)
mke2fs -q -t ext4 -L layers -m 0 -O ^has_journal -d /var/lib/drydock/layers /disk/new.ext4 $((mib * 3 / 2 + 64))M
mv /disk/new.ext4 /disk/layers.ext4
sync -f /disk
