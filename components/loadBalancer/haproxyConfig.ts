/** A server behind a load balancer. */
export interface Server {
  /** As logs and statistics call it. */
  name: string;
  /** "host:port". */
  address: string;
  /** Its share of the requests beside the others', 0 to 256; 1 by default. */
  weight?: number;
}

export interface HaproxyConfig {
  /** Where it listens: on the lab network. */
  address: string;
  port: number;
  servers: readonly Server[];
  /** Path that a server which works answers with 2xx or 3xx. */
  healthPath: string;
}

export const configPath = "/usr/local/etc/haproxy/haproxy.cfg";
/** Its page of statistics, which has /healthz and /metrics, too. */
export const statisticsPort = 8404;
/** Its Runtime API, on loopback. */
export const runtimePort = 9999;

/**
 * A server is asked every second, has a second to answer, and is left out after two failures in a row. So a server that
 * stops answering gets requests for at most 4 s more: one to the next check, and 1 + 1 + 1 until two have failed.
 */
const check = "check inter 1s fall 2 rise 2";

/** HAProxy's configuration: HTTP to one group of servers, by turns. */
export function haproxyConfig({ address, port, servers, healthPath }: HaproxyConfig): string {
  const lines = servers.map(
    ({ name, address: at, weight = 1 }) => `    server ${name} ${at} weight ${weight} ${check}\n`,
  );
  return `global
    log stdout format raw daemon
    user haproxy
    group haproxy
    maxconn 4096
    stats socket ipv4@127.0.0.1:${runtimePort} level admin
    # By it a new configuration takes over who listens from the old one, so that no request finds nobody.
    stats socket /run/haproxy.sock mode 600 level admin expose-fd listeners

defaults
    mode http
    log global
    option dontlognull
    # A request that reached no server is given to another one.
    retries 2
    option redispatch 1
    timeout connect 1s
    timeout check 1s
    timeout client 30s
    timeout server 2s

frontend entrance
    bind ${address}:${port}
    option httplog
    default_backend servers

backend servers
    balance roundrobin
    option httpchk GET ${healthPath}
${lines.join("")}
frontend statistics
    bind ${address}:${statisticsPort}
    no log
    monitor-uri /healthz
    http-request use-service prometheus-exporter if { path /metrics }
    stats enable
    stats uri /
    stats refresh 2s
`;
}
