/** What stands in front of a registry. */
export interface GateConfig {
  /** Port that it listens on, over TLS. */
  port: number;
  /** host:port of the registry, and of its health and metrics. */
  registry: string;
  debug: string;
  /** Accounts that may pull and not push. */
  pullOnly: readonly string[];
}

/** Where the gate's container has its files. */
export const gatePaths = {
  config: "/etc/nginx/conf.d/default.conf",
  certificate: "/etc/nginx/registry.crt",
  key: "/etc/nginx/registry.key",
};

/** A refusal in the form that registry clients show. */
const refusal = (code: string, message: string) => `'${JSON.stringify({ errors: [{ code, message }] })}'`;

/**
 * nginx in front of a registry: TLS, and what the htpasswd of Distribution has no way to say: who may only pull. Passwords
 * are the registry's to check.
 */
export function gateConfig({ port, registry, debug, pullOnly }: GateConfig): string {
  const refused = pullOnly.length > 0 ? [`  "~^(POST|PUT|PATCH|DELETE):(${pullOnly.join("|")})$" 1;`] : [];
  return `map "$request_method:$remote_user" $refused {
  default 0;
${refused.join("\n")}
}
server {
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
    proxy_pass http://${registry};
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
