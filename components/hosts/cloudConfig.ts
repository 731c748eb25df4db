import { stringify } from "yaml";
import { learnerKeys } from "../learnerKeys.ts";

/** What cloud-init is to make of a machine's first boot. */
export interface CloudConfig {
  hostname: string;
  /** The host's own SSH key: OpenSSH private key, PEM, and the public one, "ssh-ed25519 AAAA... comment". */
  hostKey: { privateKey: string; publicKey: string };
  /** Public keys that may log in as root. */
  authorizedKeys: readonly string[];
  /** The engine's daemon.json. */
  daemonJson: string;
  /** Further files, owned by root and of mode 600, by path. */
  files?: Record<string, string>;
  /** Addresses of the lab's hosts by their names, for /etc/hosts; none by default. */
  names?: Record<string, string>;
  /** Debian packages that the image lacks. */
  packages?: readonly string[];
}

/** Has sshd look for the learner's own key where HostAccess puts it, beside root's. */
const keysOfLearners = {
  "/etc/ssh/sshd_config.d/drydock-keys.conf": `AuthorizedKeysFile .ssh/authorized_keys ${learnerKeys}\n`,
};

/**
 * cloud-init's user data for a host: keys, files, the engine's settings, packages. The same for virtual machines and EC2.
 * It holds the host's private key, so it is a secret.
 * @see https://cloudinit.readthedocs.io/en/latest/reference/modules.html
 */
export function cloudConfig({
  hostname,
  hostKey,
  authorizedKeys,
  daemonJson,
  files = {},
  names = {},
  packages = [],
}: CloudConfig): string {
  const all = { "/etc/docker/daemon.json": daemonJson, ...keysOfLearners, ...files };
  const config = {
    hostname,
    preserve_hostname: false,
    disable_root: false,
    ssh_pwauth: false,
    ssh_deletekeys: true,
    ssh_keys: { ed25519_private: hostKey.privateKey, ed25519_public: hostKey.publicKey },
    users: [{ name: "root", ssh_authorized_keys: authorizedKeys }],
    manage_etc_hosts: false,
    write_files: [
      ...Object.entries(all).map(([path, content]) => ({
        path,
        content,
        owner: "root:root",
        permissions: "0600",
      })),
      ...(Object.keys(names).length > 0 ? [{ path: "/etc/hosts", content: hostsFile(names), append: true }] : []),
    ],
    ...(packages.length > 0 ? { package_update: true, packages } : {}),
  };
  return `#cloud-config\n${stringify(config, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

const hostsFile = (names: Record<string, string>): string =>
  Object.entries(names)
    .map(([name, address]) => `${address} ${name}\n`)
    .join("");
