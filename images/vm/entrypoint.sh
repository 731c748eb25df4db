#!/bin/sh
# Runs a virtual machine in its container's place: the guest takes the container's address and MAC on the lab network, and
# the container keeps another, for the resolver that the guest asks. The guest's console is the log. TERM powers it off.
#
# /etc/drydock/machine sets memory_mib, cpus, container_address (with prefix length) and gateway; /etc/drydock/seed has the
# files of cloud-init's NoCloud.
set -eu
. /etc/drydock/machine
share=/usr/share/drydock
run=/run/drydock
data=/var/lib/drydock/docker
mkdir -p $run $data

# The container may use this device, but is given no file of it.
mkdir -p /dev/net
[ -e /dev/net/tun ] || mknod -m 600 /dev/net/tun c 10 200

accelerator=$(drydock-accelerator)
case $accelerator in
  tcg*)
    echo "No KVM: the guest is emulated, and slow. (${accelerator#tcg })"
    accelerator=tcg,thread=multi,tb-size=256
    ;;
esac

mac=$(cat /sys/class/net/eth0/address)
ip address flush dev eth0
ip link set eth0 down
ip link set eth0 address "$(echo "$mac" | sed 's/^../06/')"
ip link add lab type bridge
ip link set eth0 master lab
ip tuntap add dev guest mode tap
ip link set guest master lab
for link in eth0 guest lab; do ip link set $link up; done
ip address add "$container_address" dev lab
ip route add default via "$gateway"
dnsmasq --user=root --no-hosts --no-daemon --log-facility=- --bind-interfaces --listen-address="${container_address%/*}" &

rm -f $run/seed.img
mkfs.vfat -C -n CIDATA $run/seed.img 1024 > /dev/null
mcopy -i $run/seed.img /etc/drydock/seed/* ::
# The system is as new with each new container; what its engine keeps is on the container's volume, as with all hosts.
[ -e /var/lib/drydock/root.qcow2 ] || qemu-img create -q -f qcow2 -F qcow2 -b $share/root.qcow2 /var/lib/drydock/root.qcow2
if [ ! -e $data/docker.ext4 ]; then
  mke2fs -q -t ext4 -L docker -m 0 -E assume_storage_prezeroed=1 $data/new.ext4 64G
  mv $data/new.ext4 $data/docker.ext4
fi

case "$(uname -m)" in
  aarch64) machine="-M virt,gic-version=max" console=ttyAMA0 ;;
  *) machine="-M q35" console=ttyS0 ;;
esac
disk() {
  echo "-drive if=none,id=$1,file=$2,format=raw,discard=unmap,$3 -device virtio-blk-pci,drive=$1"
}
layers=/var/lib/drydock/layers/layers.ext4
[ -e $layers ] || layers=
rm -f $run/monitor.in $run/monitor.out
mkfifo -m 600 $run/monitor.in $run/monitor.out
qemu-system-"$(uname -m)" $machine -accel $accelerator -cpu max \
  -m "$memory_mib" -smp "$cpus" -nodefaults -display none -serial stdio -monitor pipe:$run/monitor \
  -kernel $share/vmlinuz -append "root=/dev/nvme0n1 rootwait rw console=$console net.ifnames=0 quiet systemd.ssh_auto=no ${layers:+drydock.layers}" \
  -drive if=none,id=root,file=/var/lib/drydock/root.qcow2,format=qcow2,discard=unmap -device nvme,drive=root,serial=root \
  $(disk seed $run/seed.img readonly=on) $(disk docker $data/docker.ext4 readonly=off) \
  $([ -z $layers ] || disk layers $layers readonly=on) \
  -netdev tap,id=lab,ifname=guest,script=no,downscript=no -device virtio-net-pci,netdev=lab,mac="$mac",romfile= &
qemu=$!
trap 'echo system_powerdown > $run/monitor.in' TERM INT
# A signal ends a wait, and its trap runs; the guest is waited for again.
until wait $qemu; do
  kill -0 $qemu 2> /dev/null || exit 1
done
