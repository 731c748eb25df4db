"""Knows what is in stock: looks each item up in its ledger."""

import random
import time

from service import serve
from tracing import span

ITEMS = ["anchor", "bollard", "buoy", "capstan", "cleat", "hawser", "rudder", "winch"]
# Decided anew each time that the service starts.
SLOW = random.choice(ITEMS)


def look_up(item, locked):
    with span("look up", item=item):
        time.sleep(0.15 if item == SLOW else 0.01)
        if item == locked:
            raise RuntimeError(f"the ledger of {item} is locked")
        return f"{item} {random.randint(1, 99)}\n"


def stock(path):
    locked = random.choice(ITEMS) if random.random() < 0.15 else None
    return "".join(look_up(item, locked) for item in ITEMS)


serve(stock)
