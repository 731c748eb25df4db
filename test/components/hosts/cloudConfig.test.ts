import { expect, test } from "vitest";
import { parse } from "yaml";
import { cloudConfig } from "../../../components/hosts/cloudConfig.ts";

const privateKey = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n";

const given = {
  hostname: "manager-1",
  hostKey: { privateKey, publicKey: "ssh-ed25519 HOST" },
  authorizedKeys: ["ssh-ed25519 ADA"],
  daemonJson: '{"bip": "10.0.0.1/26"}',
};

test("a machine is told its name, its key, who may log in and how its engine runs", () => {
  const text = cloudConfig({ ...given, files: { "/root/lab/pool": "10.1.0.0/20\n" } });

  // cloud-init knows its kind of data by the first line.
  expect(text.split("\n")[0]).toBe("#cloud-config");
  expect(parse(text)).toEqual({
    hostname: "manager-1",
    preserve_hostname: false,
    disable_root: false,
    ssh_pwauth: false,
    ssh_deletekeys: true,
    ssh_keys: { ed25519_private: privateKey, ed25519_public: "ssh-ed25519 HOST" },
    users: [{ name: "root", ssh_authorized_keys: ["ssh-ed25519 ADA"] }],
    manage_etc_hosts: false,
    write_files: [
      { path: "/etc/docker/daemon.json", content: given.daemonJson, owner: "root:root", permissions: "0600" },
      {
        path: "/etc/ssh/sshd_config.d/drydock-keys.conf",
        content: "AuthorizedKeysFile .ssh/authorized_keys /etc/drydock/learner_keys\n",
        owner: "root:root",
        permissions: "0600",
      },
      { path: "/root/lab/pool", content: "10.1.0.0/20\n", owner: "root:root", permissions: "0600" },
    ],
  });
});

test("packages are installed from lists that are fetched first, and nothing is fetched without any", () => {
  expect(parse(cloudConfig({ ...given, packages: ["docker.io"] }))).toMatchObject({
    package_update: true,
    packages: ["docker.io"],
  });
  expect(cloudConfig(given)).not.toContain("package");
});
