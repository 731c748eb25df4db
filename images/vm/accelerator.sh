#!/bin/sh
# Prints how guests run here: "kvm", or "tcg" for emulation and why. There may be a KVM that cannot run a kernel, so one is
# started: without a disk it panics, and ends.
set -eu
log=$(mktemp)
[ -e /dev/kvm ] || mknod -m 600 /dev/kvm c 10 232
case "$(uname -m)" in
  aarch64) machine=virt,gic-version=max ;;
  *) machine=q35 ;;
esac
timeout 10 qemu-system-"$(uname -m)" -M $machine -accel kvm -cpu max -m 256 -nodefaults -display none -no-reboot \
  -kernel /usr/share/drydock/vmlinuz -append panic=-1 > "$log" 2>&1 &
guest=$!
until ! kill -0 $guest 2> /dev/null || grep -q '^KVM internal error' "$log"; do sleep 0.1; done
if kill $guest 2> /dev/null || ! wait $guest; then
  why=$(grep -m 1 -v 'terminating on signal' "$log" | cut -c 1-120) || true
  echo "tcg ${why:-a kernel did not run to its end in 10 s}"
else
  echo kvm
fi
