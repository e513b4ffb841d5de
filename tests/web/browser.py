"""A real Chromium at a real site: web server, worker and beat on the test's own database."""

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tenants.models import District
from tenants.services import district_host
from tests.support.people import PASSWORD
from tests.support.processes import Site
from tests.support.waiting import wait_for

WAIT = 60_000
expect.set_options(timeout=WAIT)  # a laptop with other work to do is slow, and not wrong
VIOLATIONS = """
options => axe.run(options).then(
    found => found.violations.flatMap(item => item.nodes.map(node => `${item.id}: ${node.target}`)))
"""
ARGUMENTS = ["--no-sandbox", "--host-resolver-rules=MAP *.localhost 127.0.0.1"]


def chromium() -> str:
    """The browser's path; the test is skipped where there is none."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("no Chromium here: set CHROMIUM to its path, or install the system's")
    return path


@dataclass
class Visit:
    """One browser, at one district's host."""

    browser: Browser
    base: str

    def context(self, **options: Any) -> BrowserContext:
        """A window of its own, with its own cookies unless `storage_state` gives some."""
        context = self.browser.new_context(base_url=self.base, **options)
        context.set_default_timeout(WAIT)
        return context

    def log_in(self, email: str) -> Page:
        """Somebody's window, after the log-in form."""
        page = self.context().new_page()
        page.goto("/login/")
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("heading", level=1).wait_for()
        return page


@contextmanager
def visiting(site: Site, district: District) -> Iterator[Visit]:
    """Start the site's web server and a browser."""
    path, port = chromium(), free_port()
    site.start_web(port, workers=1)
    wait_for(lambda: answers(port), 60)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield Visit(browser, f"http://{district_host(district.slug)}:{port}")
        finally:
            browser.close()


def violations(page: Page, *rules: str) -> list[str]:
    """What axe has against a page, by rule and element; by every rule unless some are named."""
    if not page.evaluate("'axe' in window"):  # half a megabyte: once a page
        page.evaluate(AXE_SCRIPT)
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    told: list[str] = page.evaluate(VIOLATIONS, options)
    return told


def too_wide(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def answers(port: int) -> bool:
    """Whether somebody listens on a port."""
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0
