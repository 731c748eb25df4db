const types = [
  "ssh-ed25519",
  "ssh-rsa",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "sk-ssh-ed25519@openssh.com",
  "sk-ecdsa-sha2-nistp256@openssh.com",
];

/** What is accepted as one, in words. */
export const allowedPublicKey =
  'an SSH public key in one line, as ~/.ssh/id_ed25519.pub holds it: "ssh-ed25519 AAAA... ada"';

/**
 * Whether a text is an SSH public key as a `.pub` file has it: type, key and perhaps a comment, in one line and without
 * options of authorized_keys.
 * @see https://www.rfc-editor.org/rfc/rfc4253#section-6.6 for the key, which begins with the length and the name of its type
 */
export function isPublicKey(text: string): boolean {
  const [, type = "", key = ""] = /^(\S+) ([A-Za-z0-9+/]+={0,2})(?: [^\p{Cc}]*)?$/u.exec(text) ?? [];
  const bytes = Buffer.from(key, "base64");
  return types.includes(type) && bytes.length >= 4 + type.length + 32 && typeIn(bytes) === type;
}

const typeIn = (bytes: Buffer): string => bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString("latin1");

/** The key itself, whatever its comment is. */
export const withoutComment = (publicKey: string): string => publicKey.split(" ").slice(0, 2).join(" ");

/** What a private key has in it: the heading of its file, or the first bytes of what OpenSSH writes without one. */
const privateKey = /PRIVATE KEY|b3BlbnNzaC1rZXktdjE|PuTTY-User-Key-File/;

/** A text for a message: one with a private key in it is not shown. */
export const withoutPrivateKey = (text: string): string =>
  privateKey.test(text) ? "a private key, which is not shown and not kept" : text;
