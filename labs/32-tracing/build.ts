import { TracingStack } from "../../components/tracing/tracingStack.ts";
import type { Build } from "../lab.ts";

/** What takes and keeps traces, on the host that the learner runs the shop on. */
export const build: Build = ({ plan, hosts, parent }) => {
  const { shop } = hosts;
  if (!shop) throw new Error("tracing has no host shop");
  const traces = new TracingStack("traces", { plan, store: shop }, { parent });
  return { components: traces.outputs };
};
