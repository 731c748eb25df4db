import { mustRun } from "../runningContainers.ts";
import { configPath, storagePath } from "./registryConfig.ts";

/** What there is of a registry on its host. */
export interface ProbedRegistry {
  /** Its container, or its service. */
  registry: string;
  /** Whether it and what speaks TLS for it are services of a Swarm. */
  inSwarm: boolean;
  /** Container, or service, that speaks TLS with clients, and the path of the certificate in it. */
  front: string;
  certificate: string;
  /** host:port of its health and metrics. */
  debug: string;
  /** Where clients reach it, and the CA by which they know it. */
  address: string;
  authority: string;
}

/** A shell function that prints the container of that name, or of the service of that name. */
export const containerFunction = ({ inSwarm }: Pick<ProbedRegistry, "inSwarm">) =>
  inSwarm
    ? `container() { docker ps --quiet --filter "label=com.docker.swarm.service.name=$1" | head -n 1; }`
    : `container() { echo "$1"; }`;

/** Succeeds when the registry itself works, whatever is in front of it. */
export const storageProbe = (debug: string) => `curl -sS --fail-with-body --max-time 5 http://${debug}/debug/health`;

/** Succeeds when a registry does its work for clients, and else says in words why not. Runs on its host. */
export function registryProbe(probed: ProbedRegistry): string {
  const { registry, front, inSwarm, certificate, debug, address, authority } = probed;
  const readOnly = inSwarm
    ? `docker service inspect --format '{{ .Spec.TaskTemplate.ContainerSpec.Env }}' ${registry} | grep -q READONLY_ENABLED=true`
    : `docker exec ${registry} grep -q 'enabled: true # while collecting' ${configPath}`;
  return `
${containerFunction(probed)}
${mustRun([...new Set([registry, front])], '"$(container "$name")"')}
end=$(docker exec "$(container ${front})" cat ${certificate} | openssl x509 -noout -enddate | cut -d = -f 2)
[ -n "$end" ] || say "its certificate ${certificate} cannot be read in ${front}"
[ "$(date -d "$end" +%s)" -gt "$(date +%s)" ] || say "its certificate expired on $end: ./drydock up makes a new one"
health=$(${storageProbe(debug)} 2>&1) || say "its health check fails: $health"
left=$(docker exec "$(container ${registry})" df -Pk ${storagePath} | awk 'END { print $4 }')
[ "$left" -gt 1024 ] || say "its volume is full: $left KiB are left"
if ${readOnly}; then
  say "it takes no pushes while it collects garbage; if that was interrupted, run ${registry}-collect again"
fi
answer=$(curl -sS --max-time 5 --cacert ${authority} -o /dev/null -w '%{http_code}' https://${address}/v2/ 2>&1) || say "it does not answer at https://${address}/v2/: $answer"
case $answer in 200 | 401) ;; *) say "it answers https://${address}/v2/ with $answer" ;; esac
`.trim();
}
