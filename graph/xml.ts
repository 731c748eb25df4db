const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

/** Control characters that XML 1.0 cannot hold, not even escaped. */
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Text as it may stand in XML content and attributes. */
export function escapeXml(text: string): string {
  return text.replaceAll(forbidden, "\ufffd").replaceAll(/[&<>"']/g, (character) => entities[character] ?? "");
}

type Attributes = Record<string, string | number | undefined>;

/** An XML element; children are XML already, attributes are text. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const pairs = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join("");
  return children.length === 0 ? `<${name}${pairs}/>` : `<${name}${pairs}>${children.join("")}</${name}>`;
}
