import type { Probe } from "../facts.ts";

/** Drivers that copy whole layers for each container. */
const slow = ["vfs"];

/** Whether hosts can lay their own overlays on what the engine stores. */
export const storage: Probe = ({ engine: { storageDriver, backingFilesystem, dType } }) => {
  const about = "storage";
  const seen = backingFilesystem ? `${storageDriver} on ${backingFilesystem}` : storageDriver;
  if (!dType) {
    const fix = "Keep the engine's data on ext4, or on xfs made with ftype=1 (mkfs.xfs -n ftype=1).";
    return [
      { about, verdict: "problem", seen: `${seen}, which does not tell file types: hosts cannot use overlay2`, fix },
    ];
  }
  if (slow.includes(storageDriver)) {
    const fix = 'Set "storage-driver": "overlay2" in the engine\'s daemon.json and restart it.';
    return [{ about, verdict: "warning", seen: `${seen}, which copies every layer for every container`, fix }];
  }
  return [{ about, verdict: "ok", seen }];
};
