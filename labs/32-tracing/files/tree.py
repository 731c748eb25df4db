import json
import re
import sys
import urllib.request

jaeger, wanted = sys.argv[1:]
path = f"/api/traces/{wanted}" if re.fullmatch("[0-9a-f]{32}", wanted) else f"/api/traces?service={wanted}&limit=3"
with urllib.request.urlopen(jaeger + path, timeout=10) as answer:
    traces = json.load(answer)["data"]


def show(trace, span, depth):
    tags = {tag["key"]: tag["value"] for tag in span["tags"]}
    service = trace["processes"][span["processID"]]["serviceName"]
    what = f"{'  ' * depth}{service}: {span['operationName']} {tags.get('item', '')}".rstrip()
    failed = f"  FAILED: {tags.get('otel.status_description', '')}" if tags.get("error") else ""
    print(f"{what:<60}{span['duration'] / 1000:8.1f} ms{failed}")
    inner = [one for one in trace["spans"] if any(ref["spanID"] == span["spanID"] for ref in one["references"])]
    for one in sorted(inner, key=lambda one: one["startTime"]):
        show(trace, one, depth + 1)


begin = lambda trace: min(span["startTime"] for span in trace["spans"])
for trace in sorted(traces, key=begin):
    print(f"trace {trace['traceID']}")
    known = {span["spanID"] for span in trace["spans"]}
    for span in trace["spans"]:
        if not any(ref["spanID"] in known for ref in span["references"]):
            show(trace, span, 1)
if not traces:
    print("Jaeger has none yet")
