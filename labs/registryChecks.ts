import type { CheckHost, CommandResult } from "./check.ts";

/** What checks read of an image's manifest (https://distribution.github.io/distribution/spec/manifest-v2-2/). */
export interface Manifest {
  digest: string;
  config: { digest: string };
  layers: { digest: string; size: number }[];
}

/** A registry as one host's engine knows it: by its CA in certs.d, and the account that is logged in there. */
export interface RegistryView {
  host: CheckHost;
  /** "host:port". */
  address: string;
}

/** What a registry answered. */
export interface RegistryAnswer {
  status: number;
  digest: string;
  body: string;
}

const types = ["application/vnd.docker.distribution.manifest.v2+json", "application/vnd.oci.image.manifest.v1+json"];

/** GETs a path below /v2/. The password goes by standard input, as arguments can be seen. @throws Error when nobody answers. */
export async function registryGet({ host, address }: RegistryView, path: string): Promise<RegistryAnswer> {
  const account = `jq -r '"Authorization: Basic " + (.auths["${address}"].auth // "")' ~/.docker/config.json`;
  const accept = types.map((type) => `-H 'Accept: ${type}'`).join(" ");
  const curl = `curl -sS -i --max-time 10 --cacert /etc/docker/certs.d/${address}/ca.crt -H @- ${accept}`;
  const result = await host.run(`${account} | ${curl} https://${address}/v2/${path}`);
  if (result.code !== 0) throw new Error(`${host.name} gets no answer from ${address}: ${lastLine(result)}`);
  const [head = "", ...body] = result.stdout.split("\r\n\r\n");
  return {
    status: Number(/^HTTP\/[\d.]+ (\d+)/.exec(head)?.[1]),
    digest: /^docker-content-digest: (\S+)/im.exec(head)?.[1] ?? "",
    body: body.join("\r\n\r\n"),
  };
}

/** The manifest of that tag or digest; undefined when the registry has none. */
export async function manifestOf(
  view: RegistryView,
  repository: string,
  reference: string,
): Promise<Manifest | undefined> {
  const { status, digest, body } = await registryGet(view, `${repository}/manifests/${reference}`);
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`${view.address} answers ${status} when asked for ${repository}:${reference}`);
  return { ...(JSON.parse(body) as Manifest), digest };
}

/** The labels of an image in a registry. */
export async function labelsOf(
  view: RegistryView,
  repository: string,
  { config }: Manifest,
): Promise<Record<string, string>> {
  const { body } = await registryGet(view, `${repository}/blobs/${config.digest}`);
  return (JSON.parse(body) as { config: { Labels?: Record<string, string> } }).config.Labels ?? {};
}

/** "sha256:0123456789ab", enough of a digest to tell it from others. */
export const short = (digest: string): string => digest.slice(0, "sha256:".length + 12);

export const lastLine = ({ stdout, stderr }: CommandResult): string =>
  (stderr.trim() || stdout.trim()).split("\n").at(-1) ?? "";
