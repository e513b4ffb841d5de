"""What is sent: a thin body, and headers by the Standard Webhooks specification with a signature of each secret."""

import base64
import datetime as dt
import json
import secrets
from collections.abc import Iterable
from typing import Final

from standardwebhooks.webhooks import Webhook

from events.models import Event

PREFIX: Final = "whsec_"


def new_secret() -> str:
    """A secret of 256 random bits, as receivers' libraries take it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def body_of(event: Event) -> str:
    """The event as JSON: its type, when it happened, and identifiers and counts, never a person's data."""
    data = {"subject": event.subject, "number": event.number, **event.facts}
    happened = event.at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    return json.dumps({"type": event.type, "timestamp": happened, "data": data}, separators=(",", ":"))


def headers_of(event: Event, body: str, keys: Iterable[str], at: dt.datetime) -> dict[str, str]:
    """The headers of one attempt.

    Args:
        keys: every secret that is good now; receivers take the body when one of them has signed it.
        at: the machine's time, which receivers compare with theirs.
    """
    name = f"evt_{event.uuid.hex}"
    return {
        "content-type": "application/json",
        "user-agent": "Yearturn-Webhooks",
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(key).sign(name, at, body) for key in keys),
    }
