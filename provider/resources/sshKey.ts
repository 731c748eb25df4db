import ssh2 from "ssh2";
import type { Handler } from "../handler.ts";

export interface SshKeyInputs {
  comment: string;
}

export interface SshKeyOutputs {
  /** OpenSSH PEM. */
  privateKey: string;
  /** As in authorized_keys, without the comment: "ssh-ed25519 AAAA...". */
  publicKey: string;
}

/** An Ed25519 key pair; the private half is a secret. */
export const sshKey: Handler<SshKeyInputs, SshKeyOutputs> = {
  create: ({ comment }) => {
    const pair = generate(comment);
    const publicKey = pair.public.split(" ").slice(0, 2).join(" ");
    return Promise.resolve({ id: comment, outputs: { privateKey: pair.private, publicKey } });
  },
  secretOutputs: ["privateKey"],
};

/**
 * ssh2 1.17.0 strips every leading zero byte of a public key, not only the one that its encoding adds
 * (lib/keygen.js), so 1 pair in 256 is malformed: such a pair is drawn again.
 */
function generate(comment: string): { private: string; public: string } {
  const pair = ssh2.utils.generateKeyPairSync("ed25519", { comment });
  return ssh2.utils.parseKey(pair.private) instanceof Error ? generate(comment) : pair;
}
