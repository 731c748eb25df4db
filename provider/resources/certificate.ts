import type { webcrypto } from "node:crypto";
import type { X509Certificate } from "@peculiar/x509";
import type { Handler } from "../handler.ts";

export interface CertificateAuthorityInputs {
  commonName: string;
  /** How long it is good for. */
  days: number;
}

export interface CertificateInputs extends CertificateAuthorityInputs {
  /** DNS names and IP addresses of its holder. */
  names: string[];
  /** PEM of the authority that signs it. */
  authority: string;
  /** PEM of that one's key. Secret. */
  authorityKey: string;
}

export interface CertificateOutputs {
  /** PEM, PKCS#8. */
  privateKey: string;
  /** PEM. */
  certificate: string;
  /** ISO date-time at which it expires. */
  notAfter: string;
}

type Issued = CertificateAuthorityInputs & CertificateOutputs;

const dayMs = 86_400_000;
/** Clocks of hosts differ. */
const headStartMs = 3_600_000;
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** A certificate authority of its own: an ECDSA key and the certificate that those who trust it hold. */
export const certificateAuthority: Handler<CertificateAuthorityInputs, CertificateOutputs> = {
  async create(inputs) {
    const { X509CertificateGenerator, BasicConstraintsExtension, KeyUsagesExtension, KeyUsageFlags } = await x509();
    const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const certificate = await X509CertificateGenerator.createSelfSigned({
      ...validity(inputs),
      name: `CN=${inputs.commonName}`,
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    });
    return { id: inputs.commonName, outputs: await outputsOf(certificate, keys.privateKey) };
  },
  secretOutputs: ["privateKey"],
};

/** A server's certificate. The next `up` makes it anew in the last tenth of its time, or when that is over. */
export const certificate: Handler<CertificateInputs, CertificateOutputs> = {
  create: async (inputs) => ({ id: inputs.commonName, outputs: await issue(inputs) }),
  update: (_id, _state, inputs) => issue(inputs),
  drifted: ({ notAfter, days }: Issued) => Date.parse(notAfter) - Date.now() < (days * dayMs) / 10,
  secretOutputs: ["privateKey"],
};

async function issue(inputs: CertificateInputs): Promise<CertificateOutputs> {
  const { X509Certificate, X509CertificateGenerator, SubjectAlternativeNameExtension, PemConverter, ...extensions } =
    await x509();
  const { ExtendedKeyUsage, ExtendedKeyUsageExtension, AuthorityKeyIdentifierExtension } = extensions;
  const authority = new X509Certificate(inputs.authority);
  const signingKey = await crypto.subtle.importKey(
    "pkcs8",
    PemConverter.decodeFirst(inputs.authorityKey),
    algorithm,
    false,
    ["sign"],
  );
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const made = await X509CertificateGenerator.create({
    ...validity(inputs),
    subject: `CN=${inputs.commonName}`,
    issuer: authority.subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [
      new SubjectAlternativeNameExtension(
        inputs.names.map((value) => ({ type: isAddress(value) ? "ip" : "dns", value })),
      ),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      await AuthorityKeyIdentifierExtension.create(authority),
    ],
  });
  return outputsOf(made, keys.privateKey);
}

/** Loaded when a certificate is made, and not with the provider, as it takes a while. */
async function x509() {
  await import("reflect-metadata");
  return import("@peculiar/x509");
}

const isAddress = (name: string) => /^[\d.]+$|:/.test(name);

function validity({ days }: CertificateAuthorityInputs) {
  const now = Date.now();
  return { notBefore: new Date(now - headStartMs), notAfter: new Date(now + days * dayMs) };
}

async function outputsOf(certificate: X509Certificate, key: webcrypto.CryptoKey): Promise<CertificateOutputs> {
  const { PemConverter } = await x509();
  return {
    privateKey: PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY"),
    certificate: certificate.toString("pem"),
    notAfter: certificate.notAfter.toISOString(),
  };
}
