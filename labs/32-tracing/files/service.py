"""What the shop's services have in common: they answer GET by HTTP on port 8080, in a span, and log with its trace id."""

import http.server
import sys
import time
import urllib.error
import urllib.request

from tracing import CLIENT, SERVER, SERVICE, span, trace_id


def log(level, text):
    now = time.strftime("%H:%M:%S", time.gmtime())
    print(f"{now} level={level} service={SERVICE} trace_id={trace_id()} {text}", file=sys.stderr, flush=True)


def get(url, headers=None):
    """The answer of another service. `headers` is a function that is asked when the call's own span has begun."""
    with span(f"call {url}", CLIENT):
        request = urllib.request.Request(url, headers=headers() if headers else {})
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{url.split('/')[2]} answered {error.code}") from error
        except OSError as error:
            raise RuntimeError(f"{url.split('/')[2]} does not answer: {error}") from error


def serve(answer):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            status, body = 200, ""
            try:
                with span(f"GET {self.path}", SERVER, self.headers.get("traceparent")):
                    try:
                        body = answer(self.path)
                        log("info", f"GET {self.path} answered")
                    except Exception as error:
                        log("error", f"GET {self.path} failed: {error}")
                        raise
            except RuntimeError as error:
                status, body = 500, f"{error}\n"
            content = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    http.server.ThreadingHTTPServer(("", 8080), Handler).serve_forever()
