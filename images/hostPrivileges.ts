/**
 * The part of HostConfig that lets a container run an engine of its own, short of --privileged, on cgroup v1 and v2.
 * There is no privileged way beside it: docs/images.md says why.
 * Its entry point makes its cgroup, which the private namespace confines it to, writable.
 */
export const hostPrivileges = {
  CapDrop: ["ALL"],
  CapAdd: [
    ...[
      "CHOWN",
      "DAC_OVERRIDE",
      "DAC_READ_SEARCH",
      "FOWNER",
      "FSETID",
      "KILL",
      "SETGID",
      "SETUID",
      "SETPCAP",
      "SETFCAP",
    ],
    ...["LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER"],
    ...["SYS_CHROOT", "SYS_PTRACE", "SYS_ADMIN", "SYS_NICE", "MKNOD", "AUDIT_WRITE", "AUDIT_CONTROL", "SYSLOG"],
  ],
  // The last is for engines with SELinux, which keeps a container from mounting; without SELinux it says nothing.
  SecurityOpt: ["seccomp=unconfined", "apparmor=unconfined", "label=disable"],
  // What the command line calls systempaths=unconfined: an inner runtime may mount /proc only where none of it is masked.
  MaskedPaths: [],
  ReadonlyPaths: [],
  CgroupnsMode: "private",
  // A pid file that outlives a killed host would keep its engine from starting.
  Tmpfs: { "/run": "mode=755" },
};
