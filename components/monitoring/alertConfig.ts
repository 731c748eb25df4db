import { stringify } from "yaml";

/** Where the receiver of alerts listens, on loopback. */
export const receiverPort = 9095;

const page = "/alerts.sh";

/** The configuration of an Alertmanager that tells the receiver, soon, when an alert fires and when it has cleared. */
export function alertmanagerConfig(): string {
  return stringify({
    route: {
      receiver: "webhook",
      group_by: ["alertname", "host"],
      group_wait: "2s",
      group_interval: "5s",
      repeat_interval: "4h",
    },
    receivers: [
      {
        name: "webhook",
        webhook_configs: [{ url: `http://127.0.0.1:${receiverPort}${page}`, send_resolved: true }],
      },
    ],
  });
}

/** The files of the receiver, a busybox httpd that logs what it is sent: a line of JSON for each group of alerts. */
export const receiverFiles: Record<string, string> = {
  "/etc/httpd.conf": "*.sh:/bin/sh\n",
  [`/www${page}`]: [
    `head -c "$CONTENT_LENGTH" | tr -d '\\n' > /tmp/alert.$$`,
    "echo >> /tmp/alert.$$",
    "cat /tmp/alert.$$ > /proc/1/fd/1",
    "rm /tmp/alert.$$",
    "printf 'Content-Type: text/plain\\r\\n\\r\\n'",
    "",
  ].join("\n"),
};

export const receiverCommand = [
  "httpd",
  "-f",
  "-p",
  `127.0.0.1:${receiverPort}`,
  "-c",
  "/etc/httpd.conf",
  "-h",
  "/www",
];
