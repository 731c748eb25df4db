import type { Probe } from "../facts.ts";

/** Whether guests get what they need of the machine, and how fast they are. */
export const virtualMachines: Probe = ({ vm }) => {
  const about = "virtual machines";
  if (vm === undefined) return [];
  if ("unseen" in vm) {
    const fix = "Run `./drydock setup`, which gets what hosts are made from, and look again.";
    return [{ about, verdict: "warning", seen: `could not be tried: ${vm.unseen}`, fix }];
  }
  if (!vm.tap) {
    const fix = "Load what it needs on the engine's machine: sudo modprobe -a tun bridge.";
    return [{ about, verdict: "problem", seen: "a container cannot have a tap on a bridge: no /dev/net/tun", fix }];
  }
  if (vm.accelerator === "kvm") return [{ about, verdict: "ok", seen: "KVM can be used" }];
  const fix =
    "Enable virtualisation in the machine's firmware, or nested virtualisation where it is a virtual machine itself, " +
    "and load kvm_intel or kvm_amd. Without it all works, and waits.";
  const seen = `KVM cannot be used (${vm.because}): guests are emulated, perhaps ten times slower`;
  return [{ about, verdict: "warning", seen, fix }];
};
