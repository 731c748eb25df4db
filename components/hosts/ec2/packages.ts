/** What a host has beyond Debian's image for EC2: the engine and the tools of the labs, as in images/host. */
export const packages = [
  "docker.io",
  "docker-cli",
  "docker-compose",
  "docker-buildx",
  "iptables",
  "ipvsadm",
  "iputils-ping",
  "bind9-dnsutils",
  "tcpdump",
  "curl",
  "jq",
  "bash-completion",
  "openssl",
  "apache2-utils",
];
