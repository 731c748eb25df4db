/** What a stack's hosts are made of. */
export const targetNames = ["container", "vm", "ssh", "ec2"] as const;
export type TargetName = (typeof targetNames)[number];

/** Whether hosts of a target stand on a Docker engine, on a network of it and with a mirror beside them. */
export const isOnEngine = (target: TargetName): boolean => target === "container" || target === "vm";
