import * as pulumi from "@pulumi/pulumi";
import { sshWhenReady } from "../../components/hosts/sshWhenReady.ts";
import { PrivateRegistry } from "../../components/registry/privateRegistry.ts";
import { trust } from "../../components/registry/registryParts.ts";
import { HostFiles } from "../../components/resources.ts";
import { StackAuthority } from "../../components/stackAuthority.ts";
import type { Build } from "../lab.ts";

const certificateDays = 365;

/** A registry to be cached, and a certificate for the cache that the engines trust; the cache itself is the learner's. */
export const build: Build = ({ plan, hosts, parent }) => {
  const { upstream, mirror, ...engines } = hosts;
  if (!upstream || !mirror) throw new Error("pull-through-cache has no hosts upstream and mirror");
  const child = { parent };
  const authority = new StackAuthority("authority", child);
  const hub = new PrivateRegistry(
    "hub",
    {
      plan,
      host: upstream,
      authority,
      accounts: [
        { name: "publisher", rights: "push" },
        { name: "mirror", rights: "pull" },
      ],
    },
    child,
  );

  const certificate = authority.issue("mirror-certificate", mirror, certificateDays, child);
  const files = pulumi
    .all([authority.certificate, certificate.certificate, certificate.privateKey])
    .apply(([ca, crt, key]) => ({
      "/root/cache/ca.crt": { content: ca, mode: 0o644 },
      "/root/cache/mirror.crt": { content: crt, mode: 0o644 },
      "/root/cache/mirror.key": { content: key, mode: 0o600 },
    }));
  new HostFiles(
    "mirror-certificate-files",
    { host: mirror.name, ssh: sshWhenReady(mirror), incarnation: mirror.incarnation, files: pulumi.secret(files) },
    { parent, deletedWith: mirror.goesWith },
  );
  trust("mirror", "mirror:5000", authority, [mirror, ...Object.values(engines)], parent);
  return { components: [hub.output] };
};
