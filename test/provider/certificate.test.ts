import { X509Certificate } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import { certificate, certificateAuthority, type CertificateInputs } from "../../provider/resources/certificate.ts";

afterEach(() => {
  vi.useRealTimers();
});

async function issued(changes: Partial<CertificateInputs> = {}) {
  const { outputs: authority } = await certificateAuthority.create({ commonName: "Drydock lab dev", days: 3650 });
  const inputs = {
    commonName: "upstream",
    names: ["upstream", "10.1.0.14"],
    days: 30,
    authority: authority.certificate,
    authorityKey: authority.privateKey,
    ...changes,
  };
  const { outputs } = await certificate.create(inputs);
  return { authority: new X509Certificate(authority.certificate), inputs, outputs };
}

test("a certificate is signed by its authority, for its names and addresses and no other", async () => {
  const { authority, outputs } = await issued();
  const made = new X509Certificate(outputs.certificate);

  expect(made.verify(authority.publicKey)).toBe(true);
  expect(made.checkIssued(authority)).toBe(true);
  expect(made.checkHost("upstream")).toBe("upstream");
  expect(made.checkIP("10.1.0.14")).toBe("10.1.0.14");
  expect(made.checkHost("other")).toBeUndefined();
  expect(made.ca).toBe(false);
  expect(authority.ca).toBe(true);
});

test("its key is its own", async () => {
  const { outputs } = await issued();
  const { createPrivateKey } = await import("node:crypto");
  expect(new X509Certificate(outputs.certificate).checkPrivateKey(createPrivateKey(outputs.privateKey))).toBe(true);
});

test("it is made anew in the last tenth of its time, and not before", async () => {
  const { inputs, outputs } = await issued();
  const drifted = () => certificate.drifted?.({ ...inputs, ...outputs });
  const day = 86_400_000;
  const start = Date.now();

  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(start + 26 * day);
  expect(drifted()).toBe(false);
  vi.setSystemTime(start + 28 * day);
  expect(drifted()).toBe(true);
  const renewed = await certificate.update?.("upstream", { ...inputs, ...outputs }, inputs);
  expect(Date.parse(renewed?.notAfter ?? "")).toBeGreaterThan(start + 57 * day);
});

test("keys are secrets", () => {
  expect(certificate.secretOutputs).toEqual(["privateKey"]);
  expect(certificateAuthority.secretOutputs).toEqual(["privateKey"]);
});
