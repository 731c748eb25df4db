import type { Plan } from "../stacks/plan.ts";

/** A plan's labels in the form that @pulumi/docker takes. */
export function labelsOf({ labels }: Plan): { label: string; value: string }[] {
  return Object.entries(labels).map(([label, value]) => ({ label, value }));
}
