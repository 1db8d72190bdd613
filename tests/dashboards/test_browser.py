"""The app in a real browser: brands read their own numbers, reviewers decide."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from dashboards.definitions import label
from dashboards.strings import speaker
from platform_core import moderation
from platform_core.access import create_account, entries
from platform_core.database import connect
from tests.dashboards.browsing import choose, chromium, draft, expect_metric, press, reader, sign_in
from tests.dashboards.literal_rows import NOW, TIMEZONE, publish

LAST = date(2026, 8, 30)
DAYS = [LAST - timedelta(days=n) for n in range(60)]
PASSWORD = "grass on the meadow"
SAY = speaker("zh")


def shop_days(brand_id: str, gmv_minor: int) -> list[dict[str, Any]]:
    return [
        {
            "event_date": day,
            "brand_id": brand_id,
            "visitors": 100,
            "product_views": 300,
            "orders": 5,
            "buyers": 5,
            "gmv_minor": gmv_minor + back,
            "currency": "CNY",
        }
        for back, day in enumerate(DAYS)
    ]


def ad_days(confirmed: bool) -> list[dict[str, Any]]:
    """Forty clicks a day; on the last day four of them are pending, or removed."""
    verdict = "ad_clicks_givt" if confirmed else "ad_clicks_pending"
    return [
        {
            "event_date": day,
            "campaign_id": "app_1",
            "brand_id": "reed",
            "ad_clicks": 40,
            verdict: 4 if day == LAST - timedelta(days=1) else 0,
            "conversions": 2,
        }
        for day in DAYS
    ]


def tables(confirmed: bool) -> dict[str, list[dict[str, Any]]]:
    return {
        "gold.brand_daily": shop_days("moss", 10_000) + shop_days("fern", 77_700),
        "gold.brand_funnel_daily": [
            {
                "event_date": LAST,
                "brand_id": "moss",
                "period_days": days,
                "reached_view": 50 * days,
                "reached_cart": 10 * days,
                "reached_order": 5 * days,
                "reached_payment": 4 * days,
            }
            for days in (1, 7, 28, 91)
        ],
        "gold.product_funnel_daily": [
            {
                "event_date": LAST,
                "product_id": "p1",
                "brand_id": "moss",
                "product_views": 7,
                "orders": 1,
                "units": 2,
                "gmv_minor": 19_998,
            },
            {"event_date": LAST, "product_id": "p9", "brand_id": "fern", "gmv_minor": 1},
        ],
        "gold.campaign_daily": ad_days(confirmed),
        "silver.brands": [
            {"brand_id": "moss", "name": "苔藓护肤"},
            {"brand_id": "fern", "name": "蕨类数码"},
        ],
        "silver.products": [{"product_id": "p1", "brand_id": "moss", "name": "=面霜"}],
    }


def signal(key: str, priority: float) -> moderation.Signal:
    start = datetime(2026, 8, 29, 2, 0, tzinfo=UTC)
    clicks = [
        {
            "click_id": f"{key}-{n}",
            "clicked_at": (start + timedelta(seconds=40 * n)).isoformat(),
            "seconds_since_previous": 40 if n else None,
        }
        for n in range(5)
    ]
    return moderation.Signal(
        case_key=key,
        detector="impossible_repeat",
        detector_version=1,
        kind="givt",
        title=f"app_{key}",
        subjects=tuple(moderation.Subject(f"{key}-{n}", date(2026, 8, 29)) for n in range(1, 5)),
        subject_timezone=TIMEZONE,
        evidence={"rule": {"zh": "十分钟内的重复点击", "en": "A repeat"}, "clicks": clicks},
        priority=priority,
    )


@dataclass(frozen=True)
class Site:
    """The running app with its platform."""

    address: str
    platform: sa.Engine


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, serve: Any) -> Iterator[Site]:
    home: Path = tmp_path_factory.mktemp("home")
    publish(home / "lake", tables(confirmed=False), now=NOW - timedelta(hours=2))
    publish(home / "lake", tables(confirmed=True), now=NOW)
    engine = connect(f"sqlite:///{home / 'platform.db'}")
    for login, brands in {"moss": ["moss"], "reed": ["reed"], "both": ["fern", "moss"]}.items():
        create_account(engine, login, PASSWORD, "brand", brands, now=NOW)
    create_account(engine, "empty", PASSWORD, "brand", ["nothing"], now=NOW)
    for login in ("rita", "omar"):
        create_account(engine, login, PASSWORD, "reviewer", now=NOW)
    signals = [signal("first", 9.0), signal("second", 5.0), signal("third", 1.0)]
    moderation.open_cases(engine, signals, now=NOW)
    yield Site(serve(home), engine)
    engine.dispose()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with reader(browser) as opened:
        yield opened


def gmv(days: int, skip: int = 0) -> str:
    """The literal rows' sum, formatted by hand."""
    total = sum(10_000 + back for back in range(skip, skip + days))
    return f"¥{total // 100:,}.{total % 100:02d}"


def test_a_brand_signs_in_and_reads_its_own_numbers_for_the_dates_it_chooses(
    site: Site, page: Page
) -> None:
    sign_in(page, site.address, "moss", PASSWORD)
    expect(page.get_by_role("heading", name="苔藓护肤")).to_be_visible()
    expect_metric(page, label("gmv", "zh"), gmv(28))
    expect_metric(page, SAY("people"), "1,400")

    choose(page, SAY("period.7"))
    expect_metric(page, label("gmv", "zh"), gmv(7))
    expect_metric(page, label("orders", "zh"), "35")
    expect(page).to_have_url(f"{site.address}/brand?period=7")

    day = page.get_by_test_id("stDateInput").get_by_role("spinbutton").last
    day.focus()
    page.keyboard.type("28")
    page.get_by_role("heading", name="苔藓护肤").click()
    expect_metric(page, label("gmv", "zh"), gmv(7, skip=2))
    expect(page).to_have_url(f"{site.address}/brand?period=7&end=2026-08-28")


def test_a_deep_link_survives_signing_in_and_means_the_same_in_english(
    site: Site, browser: Browser
) -> None:
    with reader(browser, locale="en-GB", zone="America/Los_Angeles") as page:
        sign_in(page, site.address, "moss", PASSWORD, "/brand?period=1&end=2026-08-29")
        expect_metric(page, label("gmv", "en"), gmv(1, skip=1))
        expect(page.get_by_text("2026-08-29 · compared with 2026-08-28")).to_be_visible()


def test_the_csv_holds_the_brands_rows_safely_and_the_download_is_audited(
    site: Site, page: Page, tmp_path: Path
) -> None:
    sign_in(page, site.address, "moss", PASSWORD)
    with page.expect_download() as downloading:
        press(page, SAY("csv"))
    file = tmp_path / "products.csv"
    downloading.value.save_as(file)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        heading, *rows = csv.reader(opened)
    assert heading[:2] == [SAY("product_id"), SAY("product")]
    assert rows == [["p1", "'=面霜", "7", "0", "1", "2", "199.98"]]
    [entry] = entries(site.platform, actor="moss", action="csv.downloaded")
    assert (entry.subject, entry.detail["rows"]) == ("moss", 1)


@pytest.mark.parametrize(
    "query", ["brand=fern", "brand_id=fern", "brand=moss&brand=fern", "period=7&Brand=fern"]
)
def test_no_parameter_reaches_another_brands_numbers(site: Site, page: Page, query: str) -> None:
    sign_in(page, site.address, "moss", PASSWORD, f"/brand?{query}")
    expect(page.get_by_text(SAY("refused"))).to_be_visible()
    expect(page.get_by_test_id("stMetric")).to_have_count(0)
    assert "蕨类" not in page.content()
    assert entries(site.platform, actor="moss", action="brand.refused")
    press(page, SAY("refused_back"))
    expect_metric(page, label("gmv", "zh"), gmv(28))


def test_an_account_with_two_brands_chooses_among_them(site: Site, page: Page) -> None:
    sign_in(page, site.address, "both", PASSWORD)
    expect(page.get_by_role("heading", name="蕨类数码")).to_be_visible()
    page.get_by_test_id("stSelectbox").click()
    page.get_by_role("option", name="苔藓护肤").click()
    expect_metric(page, label("gmv", "zh"), gmv(28))
    expect(page).to_have_url(f"{site.address}/brand?brand=moss")


def test_a_brand_with_ads_reads_what_a_decision_changed(site: Site, page: Page) -> None:
    sign_in(page, site.address, "reed", PASSWORD)
    clicks = label("ad_clicks", "zh")
    expect_metric(page, SAY("net_of", metric=clicks), "1,116")
    expect_metric(page, SAY("gross_of", metric=clicks), "1,120")
    notice = page.get_by_test_id("stExpander")
    expect(notice).to_contain_text(f"40 → 36（{SAY('cause.review_decision')}）")


def test_a_brand_without_data_is_told_so(site: Site, page: Page) -> None:
    sign_in(page, site.address, "empty", PASSWORD)
    expect(page.get_by_role("heading", name=SAY("empty"))).to_be_visible()


def test_a_wrong_password_says_no_more_than_an_unknown_login(site: Site, page: Page) -> None:
    for login in ("moss", "nobody"):
        sign_in(page, site.address, login, "wrong")
        expect(page.get_by_role("alert")).to_have_text(SAY("sign_in.refused"))


def test_signing_out_ends_the_session_everywhere(site: Site, page: Page) -> None:
    sign_in(page, site.address, "moss", PASSWORD)
    expect_metric(page, label("gmv", "zh"), gmv(28))
    other = page.context.new_page()
    other.goto(f"{site.address}/brand")
    expect_metric(other, label("gmv", "zh"), gmv(28))
    page.get_by_test_id("stPopover").get_by_role("button").click()
    press(page, SAY("sign_out"))
    expect(page.locator("#login")).to_be_visible()
    choose(other, SAY("period.7"))
    expect(other.locator("#login")).to_be_visible()


def test_language_and_theme_are_chosen_in_the_account_menu(site: Site, page: Page) -> None:
    sign_in(page, site.address, "moss", PASSWORD, "/brand?period=7")
    page.get_by_test_id("stPopover").get_by_role("button").click()
    choose(page, "English")
    expect_metric(page, label("orders", "en"), "35")
    page.get_by_test_id("stPopover").get_by_role("button").click()
    choose(page, "Dark")
    background = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    page.wait_for_function(f"() => {background} === 'rgb(18, 24, 21)'")
    expect_metric(page, label("orders", "en"), "35")
    expect(page).to_have_url(f"{site.address}/brand?period=7")


@pytest.mark.parametrize("path", ["/media/x.csv", "/_stcore/stream", "/component/x/y", "/brand"])
def test_nothing_is_served_without_a_session(site: Site, path: str) -> None:
    connection = HTTPConnection(site.address.removeprefix("http://"), timeout=10)
    connection.request("GET", path)
    assert connection.getresponse().status == 401
    connection.close()


def test_a_reviewer_confirms_a_case_in_two_steps(site: Site, page: Page) -> None:
    sign_in(page, site.address, "rita", PASSWORD)
    press(page, SAY("queue.next"))
    expect(page.get_by_text("十分钟内的重复点击")).to_be_visible()
    draft(page, "confirmed", "异常重复点击")
    press(page, SAY("decide.write"))
    expect(page.get_by_text(SAY("decided.done"))).to_be_visible()
    [summary] = moderation.queue(site.platform, state="decided")
    case = moderation.case(site.platform, summary.case_id)
    assert case.case_key == "first"
    assert [(d.verdict, d.reason_code, d.reviewer_login) for d in case.decisions] == [
        ("confirmed", "impossible_repeat", "rita")
    ]
    assert entries(site.platform, actor="rita", action="case.viewed", subject=case.case_id)


@pytest.mark.parametrize(("key", "steps_before"), [("second", 0), ("third", 1)])
def test_a_reviewer_is_told_when_somebody_else_decided_first(
    site: Site, browser: Browser, page: Page, key: str, steps_before: int
) -> None:
    case = next(c for c in moderation.queue(site.platform) if c.case_key == key)
    link = f"/review?case={case.case_id}"
    sign_in(page, site.address, "rita", PASSWORD, link)
    expect(page.get_by_text(SAY("decide"), exact=True)).to_be_visible()
    if steps_before:
        draft(page, "confirmed", "机器点击")
    with reader(browser) as other:
        sign_in(other, site.address, "omar", PASSWORD, link)
        draft(other, "dismissed", "共用网络出口")
        press(other, SAY("decide.write"))
        expect(other.get_by_text(SAY("decided.done"))).to_be_visible()
    if steps_before:
        press(page, SAY("decide.write"))
    else:
        choose(page, SAY("decide.confirmed"))
    expect(page.get_by_text(SAY("decided.moved"))).to_be_visible()
    decisions = moderation.case(site.platform, case.case_id).decisions
    assert [(d.verdict, d.reviewer_login) for d in decisions] == [("dismissed", "omar")]


def test_a_brand_cannot_open_the_reviewers_page(site: Site, page: Page) -> None:
    sign_in(page, site.address, "moss", PASSWORD, "/review")
    expect_metric(page, label("gmv", "zh"), gmv(28))
    expect(page).to_have_url(f"{site.address}/brand")
