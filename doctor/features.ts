import type { Capability } from "../labs/lab.ts";

/** A kernel feature, as its users know it. */
interface Feature {
  name: string;
  /** What does not work without. */
  without: string;
  fix: string;
}

/** What labs use of a kernel. */
export const features: Record<Capability, Feature> = {
  vxlan: {
    name: "vxlan",
    without: "overlay networks do not cross hosts",
    fix: "Load it: sudo modprobe vxlan (Ubuntu: package linux-modules-extra).",
  },
  ipvs: {
    name: "ip_vs",
    without: "services use dnsrr and host publishing in place of virtual addresses and the routing mesh",
    fix: "Load it: sudo modprobe ip_vs (Ubuntu: package linux-modules-extra).",
  },
  esp: {
    name: "ESP",
    without: "an encrypted overlay comes up and carries nothing",
    fix: "Load it: sudo modprobe -a esp4 xfrm_user.",
  },
  macvlan: { name: "macvlan", without: "there are no macvlan networks", fix: "Load it: sudo modprobe macvlan." },
  apparmor: {
    name: "AppArmor",
    without: "AppArmor profiles cannot be shown",
    fix: "Boot a kernel that has it, with apparmor=1 security=apparmor (Debian and Ubuntu do).",
  },
};
