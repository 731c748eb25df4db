import { json } from "node:stream/consumers";
import { connectSsh, type SshTarget } from "../../engine/ssh.ts";
import { ensureMirror } from "../../images/mirror.ts";

// A process for tests to kill: makes a mirror on the engine of the host that its input names.
const target = (await json(process.stdin)) as SshTarget;
const session = await connectSsh(target, { deadlineMs: 10_000 });
await ensureMirror(session.engine(), { images: ["busybox", "debian"], source: "bootstrap" }, console.log);
session.close();
