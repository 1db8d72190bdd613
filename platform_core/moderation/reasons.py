"""Why a reviewer decided as they did: reason codes, each of one verdict."""

from dataclasses import dataclass
from typing import Final, Literal

Verdict = Literal["confirmed", "dismissed"]


@dataclass(frozen=True)
class Reason:
    """A reason code with its label in both languages."""

    code: str
    zh: str
    en: str


REASONS: Final[dict[Verdict, tuple[Reason, ...]]] = {
    "confirmed": (
        Reason("automated_clicks", "机器点击", "Automated clicks"),
        Reason("impossible_repeat", "异常重复点击", "Impossible repeats"),
        Reason("click_farm", "点击农场", "Click farm"),
        Reason("competitor_clicks", "恶意竞争点击", "Clicks by a competitor"),
        Reason("confirmed_other", "其他作弊", "Other fraud"),
    ),
    "dismissed": (
        Reason("shared_address", "共用网络出口", "Shared network address"),
        Reason("genuine_interest", "真实用户重复点击", "Genuine repeated interest"),
        Reason("internal_test", "内部测试流量", "Internal test traffic"),
        Reason("measurement_error", "数据或埋点错误", "Measurement error"),
        Reason("insufficient_evidence", "证据不足", "Insufficient evidence"),
    ),
}


def check_reason(verdict: Verdict, code: str) -> None:
    """Raises ``ValueError`` unless the code is a reason for this verdict."""
    codes = [reason.code for reason in REASONS.get(verdict, ())]
    if code not in codes:
        raise ValueError(f"{code!r} is no reason for {verdict!r}; reasons: {', '.join(codes)}")
