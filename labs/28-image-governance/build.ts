import { PolicyServer } from "../../components/policy/policyServer.ts";
import { PrivateRegistry } from "../../components/registry/privateRegistry.ts";
import { StackAuthority } from "../../components/stackAuthority.ts";
import type { Build } from "../lab.ts";

/** A registry and a policy server on the host hub, which node's engine may ask. The policies are the learner's. */
export const build: Build = ({ plan, hosts, parent }) => {
  const { hub, node } = hosts;
  if (!hub || !node) throw new Error(`image-governance has only the hosts ${Object.keys(hosts).join(", ")}`);
  const common = { plan, host: hub, authority: new StackAuthority("authority", { parent }) };
  const registry = new PrivateRegistry(
    "registry",
    {
      ...common,
      accounts: [
        { name: "ci", rights: "push" },
        { name: "node", rights: "pull" },
      ],
      trustedBy: [node],
    },
    { parent },
  );
  const policy = new PolicyServer("policy", { ...common, engines: [node] }, { parent });
  return { components: [registry.output, policy.output] };
};
