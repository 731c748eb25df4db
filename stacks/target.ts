/** What a stack's hosts are made of. */
export const targetNames = ["container", "vm", "ssh", "ec2"] as const;
export type TargetName = (typeof targetNames)[number];
