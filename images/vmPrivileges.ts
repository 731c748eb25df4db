/**
 * The part of HostConfig that lets a container run a virtual machine on its network. Everything else is the engine's
 * default: seccomp, AppArmor, masked paths.
 * @see images/vm/entrypoint.sh
 */
export const vmPrivileges = {
  CapDrop: ["ALL"],
  // A bridge and a tap in its own network namespace; device files of its own.
  CapAdd: ["NET_ADMIN", "MKNOD"],
  // /dev/kvm and /dev/net/tun: as rules, where Devices would keep it from starting on a machine that lacks one.
  DeviceCgroupRules: ["c 10:232 rwm", "c 10:200 rwm"],
};
