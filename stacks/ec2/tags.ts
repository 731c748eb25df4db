import { label } from "../labels.ts";

/** Longest value of a tag. */
const maxValue = 256;

/** Where a home's id begins; "#" may stand in no tag of IAM, so "@" takes its place. */
const idMark = { label: /#(?=[0-9a-f]+$)/, tag: /@(?=[0-9a-f]+$)/ };

/**
 * A stack's labels as tags of AWS, which allow letters, digits, spaces and _.:/=+-@ everywhere.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
 */
export function tagsOf(labels: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).map(([key, value]) => {
      const text = key === label.home ? value.replace(idMark.label, "@") : value;
      return [key, text.replaceAll(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, "_").slice(-maxValue)];
    }),
  );
}

/** The labels that tags stand for. */
export function labelsOf(tags: Record<string, string>): Record<string, string> {
  const { [label.home]: home } = tags;
  return home === undefined ? tags : { ...tags, [label.home]: home.replace(idMark.tag, "#") };
}
