import { isOwn, label } from "../../stacks/labels.ts";
import type { Probe } from "../facts.ts";

/** Whether what stands of the stack is of the cohort that its settings name: a class knows its objects by that label. */
export const cohort: Probe = ({ world }, { plan }) => {
  const { stack, labels } = plan;
  const own = [...world.containers, ...world.networks, ...world.volumes].filter((object) =>
    isOwn(object.labels, labels),
  );
  const odd = own.find((object) => object.labels[label.cohort] !== labels[label.cohort]);
  if (odd === undefined) return [];
  const said = (cohort: string | undefined) => (cohort === undefined ? "no cohort" : `cohort ${cohort}`);
  return [
    {
      about: "drydock:cohort",
      verdict: "problem",
      seen: `what stands of stack ${stack} is of ${said(odd.labels[label.cohort])}, its settings say ${said(labels[label.cohort])}`,
      fix: `Correct or remove Pulumi.${stack}.yaml, or take the stack away first: ./drydock down --stack ${stack}`,
    },
  ];
};
