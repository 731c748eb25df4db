import { text } from "node:stream/consumers";
import { outerEngine } from "../../../engine/outer.ts";
import type { SshSession } from "../../../engine/ssh.ts";
import { ensureImage } from "../../../images/image.ts";

/** Gives a host an image of images/, by its folder's name. */
export async function loadImage(host: SshSession, name: string): Promise<void> {
  const outer = await outerEngine();
  const { tag } = await ensureImage(outer, name);
  const engine = host.engine();
  await text(await engine.loadImage(await outer.getImage(tag).get()));
  await engine.getImage(tag).tag({ repo: name });
}
