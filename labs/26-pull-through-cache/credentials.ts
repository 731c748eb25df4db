import type { CheckHost } from "../check.ts";

/** How the container cache asks its upstream, and where on its host the password for that can be read. */
export interface Credentials {
  /** Its upstream's URL without the account; empty where it is a cache of nothing. */
  upstream: string;
  account: string;
  /** Whether the container's own configuration, which `docker inspect` prints, has it, and its log. */
  inspected: boolean;
  logged: boolean;
  /** Permissions, such as "600", by path. */
  files: Record<string, string>;
}

/** The password stays in the shell: no argument of a program, and nothing that is printed, has it. */
const look = `
settings=$(docker exec cache cat /etc/docker/registry/config.yml && docker exec cache env) || exit 1
url=$(echo "$settings" | sed -n 's#^ *remoteurl: *["'\\'']\\{0,1\\}\\([^"'\\'' ]*\\).*#\\1#p; s#^REGISTRY_PROXY_REMOTEURL=##p' | tail -n 1)
account=$(echo "$url" | sed -n 's#^https*://\\([^:@/]*\\):[^@]*@.*#\\1#p')
password=$(echo "$url" | sed -n 's#^https*://[^:@/]*:\\([^@]*\\)@.*#\\1#p')
echo "upstream $(echo "$url" | sed 's#//[^@/]*@#//#')"
[ -n "$password" ] || exit 0
echo "account $account"
case $(docker inspect cache) in *"$password"*) echo inspected ;; esac
case $(docker logs cache 2>&1) in *"$password"*) echo logged ;; esac
echo "$password" | grep -rlsF -f - /root /home /etc /opt /srv /tmp /usr/local /var/tmp | xargs -r -d '\\n' stat --format 'file %a %n'
`;

/** Undefined where no container cache runs. */
export async function credentialsOf(mirror: CheckHost): Promise<Credentials | undefined> {
  const { code, stdout } = await mirror.run(look);
  if (code !== 0) return undefined;
  const found: Credentials = { upstream: "", account: "", inspected: false, logged: false, files: {} };
  for (const line of stdout.split("\n")) {
    const [kind, one = "", ...rest] = line.split(" ");
    if (kind === "upstream" || kind === "account") found[kind] = one;
    if (kind === "inspected" || kind === "logged") found[kind] = true;
    if (kind === "file") found.files[rest.join(" ")] = one;
  }
  return found;
}
