"""What a reader does in a browser: sign in, read a number, press a button."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Browser, Page, expect, sync_playwright

from dashboards.strings import speaker

CHROMIUM_ARGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS: Final = 20_000
SAY = speaker("zh")

expect.set_options(timeout=PATIENCE_MS)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, headless, with a fresh profile."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(CHROMIUM_ARGS)
        )
        yield browser
        browser.close()


@contextmanager
def reader(
    browser: Browser, *, locale: str = "zh-CN", width: int = 1280, zone: str = "Asia/Shanghai"
) -> Iterator[Page]:
    """A new reader's page; fails when the page calls any other host or raises an error."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale=locale, timezone_id=zone
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    called: set[str] = set()
    broken: list[str] = []
    page.on("request", lambda request: called.add(request.url))
    page.on("pageerror", lambda error: broken.append(str(error)))
    yield page
    context.close()
    assert all(url.startswith(("http://127.0.0.1:", "data:", "blob:")) for url in called)
    assert broken == []


def sign_in(page: Page, address: str, login: str, password: str, path: str = "/") -> None:
    """Open ``path``, be asked to sign in, and do so."""
    page.goto(address + path)
    page.locator("#login").fill(login)
    page.locator("#password").fill(password)
    page.locator("button[type=submit]").click()


def metric(page: Page, label: str) -> str:
    """The number on the card with this label."""
    cards = page.get_by_test_id("stMetric")
    card = cards.filter(has=page.get_by_test_id("stMetricLabel").get_by_text(label, exact=True))
    return card.get_by_test_id("stMetricValue").inner_text()


def expect_metric(page: Page, label: str, value: str) -> None:
    """Wait until the card with this label shows this number."""
    cards = page.get_by_test_id("stMetric")
    card = cards.filter(has=page.get_by_test_id("stMetricLabel").get_by_text(label, exact=True))
    expect(card.get_by_test_id("stMetricValue")).to_have_text(value)


def press(page: Page, name: str) -> None:
    """Press the button with this name."""
    page.get_by_role("button", name=name, exact=True).click()


def choose(page: Page, name: str) -> None:
    """Choose this option of a segmented control."""
    page.get_by_role("radio", name=name, exact=True).click()


def draft(page: Page, verdict: str, reason: str) -> None:
    """The first step: choose verdict and reason, and continue."""
    choose(page, SAY(f"decide.{verdict}"))
    reasons = page.get_by_role("combobox", name=SAY("decide.reason"))
    expect(reasons).to_be_enabled()
    reasons.click()
    page.get_by_role("option", name=reason).click()
    press(page, SAY("decide.continue"))
