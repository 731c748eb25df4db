/** What a registry's config.yml is made from. https://distribution.github.io/distribution/about/configuration/ */
export interface RegistryConfig {
  /** host:port that it listens on. */
  address: string;
  /** host:port of its health and metrics. */
  debugAddress: string;
  /** Signs the state of uploads: with the same one a push goes on after a restart. */
  secret: string;
  /** Paths of certificate and key in its container; without, it speaks plain HTTP. */
  tls?: { certificate: string; key: string };
  /** Realm of its accounts, whose htpasswd file stands at `htpasswdPath`; without, it asks nobody. */
  realm?: string;
  /** The registry that it is a cache of. */
  upstream?: { url: string; account?: { name: string; password: string } };
}

/** Where a registry's container has its files. */
export const configPath = "/etc/docker/registry/config.yml";
export const htpasswdPath = "/etc/docker/registry/htpasswd";
export const storagePath = "/var/lib/registry";

/** A registry's config.yml. */
export function registryConfig(config: RegistryConfig): string {
  const { address, debugAddress, secret, tls, realm, upstream } = config;
  return [
    "version: 0.1",
    "log:",
    // At the level info a cache logs its upstream's URL with the password in it.
    "  level: warn",
    "storage:",
    `  filesystem: { rootdirectory: ${storagePath} }`,
    "  cache: { blobdescriptor: inmemory }",
    "  delete: { enabled: true }",
    "  maintenance:",
    "    uploadpurging: { enabled: true, age: 24h, interval: 1h, dryrun: false }",
    "    readonly:",
    "      enabled: false # while collecting",
    ...(realm === undefined ? [] : ["auth:", `  htpasswd: { realm: ${realm}, path: ${htpasswdPath} }`]),
    ...(upstream === undefined ? [] : ["proxy:", ...upstreamLines(upstream)]),
    "http:",
    `  addr: ${address}`,
    `  secret: ${secret}`,
    "  draintimeout: 30s",
    ...(tls === undefined ? [] : [`  tls: { certificate: ${tls.certificate}, key: ${tls.key} }`]),
    "  headers: { X-Content-Type-Options: [nosniff] }",
    "  debug:",
    `    addr: ${debugAddress}`,
    "    prometheus: { enabled: true, path: /metrics }",
    "health:",
    "  storagedriver: { enabled: true, interval: 5s, threshold: 2 }",
    "",
  ].join("\n");
}

/**
 * Distribution 2.8 gives `username` and `password` only to an upstream that hands out tokens (distribution#3153). One that
 * asks for them itself takes them from the URL.
 */
function upstreamLines({ url, account }: NonNullable<RegistryConfig["upstream"]>): string[] {
  if (account === undefined) return [`  remoteurl: ${url}`];
  const withAccount = new URL(url);
  withAccount.username = account.name;
  withAccount.password = account.password;
  return [
    `  remoteurl: ${withAccount.href.replace(/\/$/, "")}`,
    `  username: ${JSON.stringify(account.name)}`,
    `  password: ${JSON.stringify(account.password)}`,
  ];
}
