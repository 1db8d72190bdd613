import pytest

from dashboards.guard import is_open, sign_in_address
from dashboards.preferences import language, theme
from dashboards.sign_in import local


@pytest.mark.parametrize("path", ["/sign-in", "/static/js/index.js", "/_stcore/health"])
def test_what_everybody_needs_before_signing_in_is_open(path: str) -> None:
    assert is_open(path)


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/brand", "/review", "/media/abc.csv", "/_stcore/stream", "/sign-in/x"),
        *("/_stcore/upload_file", "/_stcore/agent/interact", "/component/x", "/anything"),
        *("/static/../media/abc.csv", "/preferences", "/sign-out", "/_stcore/metrics"),
    ],
)
def test_everything_else_is_behind_the_guard(path: str) -> None:
    assert not is_open(path)


def test_a_deep_link_is_kept_on_the_way_through_sign_in() -> None:
    assert sign_in_address("/brand", "period=7&end=2026-08-29") == (
        "/sign-in?next=%2Fbrand%3Fperiod%3D7%26end%3D2026-08-29"
    )
    assert sign_in_address("/", "") == "/sign-in"


@pytest.mark.parametrize("address", ["/", "/brand?period=7&end=2026-08-29", "/review?case=a_1"])
def test_sign_in_leads_back_into_the_site(address: str) -> None:
    assert local(address) == address


@pytest.mark.parametrize(
    "address",
    [
        *("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "brand"),
        *("/\\elsewhere.example", "", "/brand\n", "///elsewhere.example"),
    ],
)
def test_sign_in_never_leads_elsewhere(address: str) -> None:
    assert local(address) == "/"


def test_no_address_can_break_out_of_the_page_that_holds_it() -> None:
    assert local('/brand?"><script>') == "/brand?%22%3E%3Cscript%3E"


def test_the_language_is_the_chosen_one_else_the_browsers() -> None:
    assert language({"meadow_language": "en"}, "zh-CN,zh") == "en"
    assert language({"meadow_language": "xx"}, "zh-CN,zh") == "zh"
    assert language({}, "en-GB,en;q=0.9") == "en"
    assert language({}, "") == "zh"


def test_the_theme_is_the_readers_systems_unless_chosen() -> None:
    assert theme({}) is None
    assert theme({"meadow_theme": "dark"}) == "dark"
