import * as pulumi from "@pulumi/pulumi";
import type { LabHost } from "./hosts/labHost.ts";
import { Certificate, CertificateAuthority } from "./resources.ts";

/** For a lab, ten years is for ever. */
const days = 3650;

/** The certificate authority of a stack: what its components serve over TLS is signed by it. */
export class StackAuthority extends pulumi.ComponentResource {
  /** PEM of the certificate that those who trust it hold. */
  readonly certificate: pulumi.Output<string>;
  readonly #authority: CertificateAuthority;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("drydock:index:StackAuthority", name, {}, opts);
    const commonName = `Drydock lab ${pulumi.getStack()}`;
    this.#authority = new CertificateAuthority(name, { commonName, days }, { parent: this });
    this.certificate = this.#authority.certificate;
    this.registerOutputs();
  }

  /** A certificate for what runs on a host, good for its name and address. */
  issue(name: string, host: LabHost, days: number, opts: pulumi.CustomResourceOptions): Certificate {
    const { certificate: authority, privateKey: authorityKey } = this.#authority;
    const names = [host.name, host.address];
    return new Certificate(name, { commonName: host.name, names, days, authority, authorityKey }, opts);
  }
}
