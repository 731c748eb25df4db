import { readFileSync } from "node:fs";

/** An engine that asks. */
export interface AskingEngine {
  /** Its host's name. */
  name: string;
  address: string;
}

/** What an engine may know a policy server by, and where. */
export const opaAddress = "127.0.0.1:8181";
export const gatePort = 8182;

/** The folder in OPA's container that has the policies, and what stands in it. */
export const policiesFolder = "/policies";
export const engineFile = `${policiesFolder}/engine.rego`;
export const engineRego = readFileSync(new URL("engine.rego", import.meta.url), "utf8");

export const opaConfigPath = "/etc/opa.yaml";

/** Each decision is a line of JSON in the container's log, with the name of the engine that asked. */
export const opaConfig = `decision_logs:
  console: true
  request_context:
    http:
      headers: [X-Engine]
`;

/** OPA takes changed policies over by itself, and goes on with the old ones when there is a mistake in the new ones. */
export const opaArguments = [
  "run",
  "--server",
  "--skip-version-check",
  "--log-level=info",
  "--log-level-request=debug",
  `--addr=${opaAddress}`,
  `--config-file=${opaConfigPath}`,
  "--watch",
  policiesFolder,
];

/** Where the gate's container has its files. */
export const gatePaths = {
  config: "/etc/nginx/conf.d/default.conf",
  certificate: "/etc/nginx/policy.crt",
  key: "/etc/nginx/policy.key",
};

/**
 * nginx in front of OPA: TLS, for the engines and nobody else, and the words of Docker's authorization plugins
 * (https://docs.docker.com/engine/extend/plugins_authorization/). Where OPA does not answer, an engine is told so, and refuses.
 */
export const gateConfig = (address: string, engines: readonly AskingEngine[]): string => `map $remote_addr $engine {
  default "";
${engines.map((engine) => `  ${engine.address} ${engine.name};\n`).join("")}}
server {
  listen ${address}:${gatePort} ssl;
  ssl_certificate ${gatePaths.certificate};
  ssl_certificate_key ${gatePaths.key};
  ssl_protocols TLSv1.2 TLSv1.3;
  server_tokens off;
  access_log off;
  client_max_body_size 0;
  default_type application/json;
  if ($engine = "") {
    return 403;
  }
  location = /Plugin.Activate { return 200 '{"Implements":["authz"]}'; }
  location = /AuthZPlugin.AuthZRes { return 200 '{"Allow":true}'; }
  location = /AuthZPlugin.AuthZReq {
    proxy_pass http://${opaAddress}/v0/data/engine/response;
    proxy_set_header Content-Type application/json;
    proxy_set_header X-Engine $engine;
    proxy_intercept_errors on;
    error_page 404 = @undecided;
    error_page 500 502 504 = @silent;
  }
  location @undecided { return 500 '{"Err":"the policies have no answer to this request"}'; }
  location @silent { return 500 '{"Err":"the policy server does not answer"}'; }
  location / { return 404; }
}
`;

/** How an engine finds the plugin of that name. https://docs.docker.com/engine/extend/plugin_api/#json-specification */
export const pluginSpec = (name: string, host: string, authority: string): string =>
  JSON.stringify({
    Name: name,
    Addr: `https://${host}:${gatePort}`,
    TLSConfig: { InsecureSkipVerify: false, CAFile: authority },
  });
