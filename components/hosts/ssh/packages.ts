/**
 * What a machine without an engine gets: the engine, and what it and the labs reach the kernel with. Of names that its
 * release does not have, it gets none.
 */
export const packages = [
  "docker.io",
  "docker-cli",
  "docker-compose-v2",
  "docker-compose",
  "docker-buildx",
  "iptables",
  "ipvsadm",
  "curl",
  "jq",
  "tcpdump",
];
