import { sshWhenReady } from "../../components/hosts/sshWhenReady.ts";
import { PrivateRegistry } from "../../components/registry/privateRegistry.ts";
import { HostFiles } from "../../components/resources.ts";
import { StackAuthority } from "../../components/stackAuthority.ts";
import type { Build } from "../lab.ts";
import { toolFiles } from "./tools.ts";

/** A registry beside the machine that builds, and the tools on both hosts. Keys, gate and policy are the learner's. */
export const build: Build = ({ plan, hosts, parent }) => {
  const { build: builder, prod } = hosts;
  if (!builder || !prod) throw new Error("supply-chain has no hosts build and prod");
  const hub = new PrivateRegistry(
    "hub",
    {
      plan,
      host: builder,
      authority: new StackAuthority("authority", { parent }),
      accounts: [
        { name: "ci", rights: "push" },
        { name: "prod", rights: "pull" },
      ],
      trustedBy: [prod],
    },
    { parent },
  );
  for (const host of [builder, prod]) {
    new HostFiles(
      `${host.name}-tools`,
      { host: host.name, ssh: sshWhenReady(host), incarnation: host.incarnation, files: toolFiles(hub.address) },
      { parent, deletedWith: host.goesWith },
    );
  }
  return { components: [hub.output] };
};
