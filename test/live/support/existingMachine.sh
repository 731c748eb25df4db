# Makes a guest of the target vm a machine that somebody else has set up with Debian. Given: kind; key, a line of
# authorized_keys.

# What is Drydock's own in the guest: its settings of sshd and of the engine, and what it writes at each boot.
forget_drydock() {
  touch /etc/cloud/cloud-init.disabled
  systemctl disable drydock-layers
  rm -rf /root/lab /etc/ssh/sshd_config.d/drydock*.conf /etc/docker /etc/systemd/system/drydock-layers.service \
    /etc/systemd/system/docker.service.d /etc/systemd/system/containerd.service.d
  systemctl daemon-reload
  systemctl reload ssh
}

# Without an engine, but with what shows all rules of the kernel; admin may become root, and root may not log in.
bare() {
  systemctl stop docker.socket docker containerd drydock-layers
  apt-get update
  apt-get install --yes --no-install-recommends sudo nftables
  apt-get purge --yes --autoremove docker.io docker-cli docker-compose docker-buildx iptables ipvsadm
  umount /var/lib/docker
  sed -i '/docker/d' /etc/fstab
  ip link delete docker0
  forget_drydock
  rm -rf /var/lib/docker /var/lib/containerd /run/docker /run/containerd /etc/containerd /etc/cni /opt/containerd /opt/cni
  ! getent group docker || groupdel docker
  echo 0 > /proc/sys/net/ipv4/ip_forward

  useradd --create-home --shell /bin/bash admin
  echo 'admin ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/admin
  mkdir -m 700 ~admin/.ssh
  printf '%s\n' "$key" > ~admin/.ssh/authorized_keys
  chown -R admin: ~admin/.ssh
  rm -r ~root/.ssh
}

# With an engine, and things of its owner on it, who is root.
used() {
  forget_drydock
  printf '%s\n' "$key" > ~root/.ssh/authorized_keys
  mkdir /etc/docker
  echo '{ "labels": ["rack=7"] }' > /etc/docker/daemon.json
  systemctl restart docker
  tar -C / -c etc/os-release | docker import - own:1
  docker network create own
  docker create --name own --network own --volume own:/data own:1 true
  iptables -A INPUT -p tcp --dport 9999 -j DROP
  iptables -I DOCKER-USER -s 192.0.2.0/24 -j DROP
  useradd --create-home owner
  mkdir /root/lab
  echo mine > /root/lab/notes
}

set -eu
export DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin
$kind < /dev/null
