/** What stands in front of a registry. */
export interface GateConfig {
  /** Port that it listens on, over TLS. */
  port: number;
  /** host:port of the registry, and of its health and metrics. */
  registry: string;
  debug: string;
  /** Accounts that may pull and not push. */
  pullOnly: readonly string[];
  /** Whether they may pull only what was admitted. */
  admission: boolean;
}

/** Where the gate's container has its files. */
export const gatePaths = {
  config: "/etc/nginx/conf.d/default.conf",
  certificate: "/etc/nginx/registry.crt",
  key: "/etc/nginx/registry.key",
  /** The lists of what was admitted. */
  admitted: "/etc/nginx/admitted",
};

/** A refusal in the form that registry clients show. */
const refusal = (code: string, message: string) => `'${JSON.stringify({ errors: [{ code, message }] })}'`;

/**
 * nginx in front of a registry: TLS, and what the htpasswd of Distribution has no way to say: who may only pull. Passwords
 * are the registry's to check. With admission they may have manifests and blobs by digests that are on a list, and nothing by a tag.
 */
export function gateConfig({ port, registry, debug, pullOnly, admission }: GateConfig): string {
  const refused = pullOnly.length > 0 ? [`  "~^(POST|PUT|PATCH|DELETE):(${pullOnly.join("|")})$" 1;`] : [];
  // It has to come before the first map.
  const longNames = admission ? "map_hash_bucket_size 512;\n" : "";
  return `${longNames}map "$request_method:$remote_user" $refused {
  default 0;
${refused.join("\n")}
}
${admission ? admissionMaps(pullOnly) : ""}server {
  listen ${port} ssl;
  ssl_certificate ${gatePaths.certificate};
  ssl_certificate_key ${gatePaths.key};
  ssl_protocols TLSv1.2 TLSv1.3;
  server_tokens off;
  client_max_body_size 0;
  default_type application/json;
  error_page 405 @read-only;

  location = /healthz { proxy_pass http://${debug}/debug/health; }
  location = /metrics { proxy_pass http://${debug}/metrics; }
  location / { return 404; }
  location /v2/ {
    if ($refused) {
      return 403 ${refusal("DENIED", "the account $remote_user may pull, not push or delete")};
    }
${admission ? unadmitted : ""}    proxy_pass http://${registry};
    proxy_intercept_errors on;
    proxy_http_version 1.1;
    proxy_request_buffering off;
    proxy_buffering off;
    proxy_read_timeout 300;
    proxy_set_header Host $http_host;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto https;
  }
  location @read-only {
    return 405 ${refusal("UNSUPPORTED", "this registry takes no pushes while it collects garbage; try again in a minute")};
  }
}
`;
}

const admissionMaps = (pullOnly: readonly string[]) => `map $uri $admitted {
  default 0;
  include ${gatePaths.admitted}/*.conf;
}
map "$remote_user:$admitted:$uri" $unadmitted {
  default 0;
  "~^(${pullOnly.join("|")}):0:/v2/.+/(manifests|blobs)/" 1;
}
`;

const unadmitted = `    if ($unadmitted) {
      return 403 ${refusal("DENIED", "not admitted: the account $remote_user may pull what is signed and admitted, by its digest")};
    }
`;
