"""A real SMTP server of the test's own, whose answers a test may set."""

import email
import email.policy
from collections.abc import Callable
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.web.browser import free_port

OK = "250 OK"


class Mailbox:
    """Keeps what it took.

    Attributes:
        rcpt: answers to the next RCPTs, by address; "250 OK" where there is none. Each is used once.
        data: answers to the next DATAs, in order.
        before_taking: called when a letter's text has arrived, before it is answered.
    """

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, EmailMessage]] = []
        self.rcpt: dict[str, list[str]] = {}
        self.data: list[str] = []
        self.before_taking: Callable[[], None] = lambda: None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.rcpt[address].pop(0) if self.rcpt.get(address) else OK
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.before_taking()
        answer = self.data.pop(0) if self.data else OK
        if answer.startswith("2"):
            message = email.message_from_bytes(envelope.content or b"", policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            self.taken.append((str(envelope.mail_from), envelope.rcpt_tos[0], message))
        return answer

    @property
    def recipients(self) -> list[str]:
        """Who got something, in order."""
        return [to for _, to, _ in self.taken]


class PostOffice(Controller):
    """The server, on a free port of this machine."""

    def __init__(self) -> None:
        self.mailbox = Mailbox()
        super().__init__(self.mailbox, hostname="127.0.0.1", port=free_port(), ready_timeout=10)
