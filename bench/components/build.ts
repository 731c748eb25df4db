import { LoggingStack } from "../../components/logging/loggingStack.ts";
import { PrivateRegistry } from "../../components/registry/privateRegistry.ts";
import { StackAuthority } from "../../components/stackAuthority.ts";
import type { Build } from "../../labs/lab.ts";

/** A registry on the first host that both trust, and the logs of both. */
export const build: Build = ({ plan, hosts, parent }) => {
  const { depot, client } = hosts;
  if (!depot || !client) throw new Error("the measured lab has the hosts depot and client");
  const authority = new StackAuthority("authority", { parent });
  const accounts = [{ name: "builder", rights: "push" as const }];
  const hub = new PrivateRegistry("hub", { plan, host: depot, authority, accounts, trustedBy: [client] }, { parent });
  const logs = new LoggingStack("logs", { plan, hosts: [depot, client], store: depot }, { parent });
  return { components: [hub.output, ...logs.outputs] };
};
