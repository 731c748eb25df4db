"""What customers see: asks orders for an order."""

from service import get, serve
from tracing import traceparent


def headers():
    return {"traceparent": traceparent()}


serve(lambda path: get("http://orders:8080/order", headers))
