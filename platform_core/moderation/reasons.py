"""Why a reviewer decided as they did: reason codes, each of one verdict."""

from dataclasses import dataclass
from typing import Final, Literal

from platform_core.contract.events.moderation import SubjectType

Verdict = Literal["confirmed", "dismissed"]
SubjectTypes = tuple[SubjectType, ...]

CONTENT: Final[SubjectTypes] = ("note", "review", "comment")
"""Subjects that people read: confirming a case over them removes them."""

TRAFFIC: Final[SubjectTypes] = ("ad_click",)
CONDUCT: Final[SubjectTypes] = ("user", "order", *CONTENT)
ALL: Final[SubjectTypes] = (*TRAFFIC, *CONDUCT)


@dataclass(frozen=True)
class Reason:
    """A reason code with its label in both languages, and the subjects that it may be given for."""

    code: str
    zh: str
    en: str
    subject_types: SubjectTypes = TRAFFIC


REASONS: Final[dict[Verdict, tuple[Reason, ...]]] = {
    "confirmed": (
        Reason("automated_clicks", "机器点击", "Automated clicks"),
        Reason("impossible_repeat", "异常重复点击", "Impossible repeats"),
        Reason("click_farm", "点击农场", "Click farm"),
        Reason("competitor_clicks", "恶意竞争点击", "Clicks by a competitor"),
        Reason("medical_claim", "虚假医疗宣称", "Medical claim", CONTENT),
        Reason("absolute_claim", "绝对化用语", "Absolute claim", CONTENT),
        Reason("contact_details", "站外联系方式", "Contact details", CONTENT),
        Reason("outside_link", "站外引流链接", "Link that leads away", CONTENT),
        Reason("undisclosed_ad", "未声明的广告", "Undisclosed advertising", CONTENT),
        Reason("bought_praise", "有偿好评", "Bought praise", CONTENT),
        Reason("coordinated", "有组织的虚假行为", "Coordinated inauthentic behaviour", CONDUCT),
        Reason("brushed_order", "刷单", "Brushed order", ("order", "review")),
        Reason("confirmed_other", "其他作弊", "Other fraud", ALL),
    ),
    "dismissed": (
        Reason("shared_address", "共用网络出口", "Shared network address", (*TRAFFIC, "user")),
        Reason("genuine_interest", "真实用户重复点击", "Genuine repeated interest"),
        Reason("permitted_content", "内容合规", "Within the rules", CONTENT),
        Reason("genuine_conduct", "真实用户行为", "Genuine behaviour", CONDUCT),
        Reason(
            "internal_test", "内部测试流量", "Internal test traffic", (*TRAFFIC, "user", "order")
        ),
        Reason("measurement_error", "数据或埋点错误", "Measurement error", ALL),
        Reason("insufficient_evidence", "证据不足", "Insufficient evidence", ALL),
    ),
}


def reasons(verdict: Verdict, subject_type: SubjectType) -> tuple[Reason, ...]:
    """Reasons for this verdict on subjects of this type."""
    return tuple(r for r in REASONS.get(verdict, ()) if subject_type in r.subject_types)


def check_reason(verdict: Verdict, code: str, subject_type: SubjectType) -> None:
    """Raises ``ValueError`` unless the code is a reason for this verdict on such subjects."""
    codes = [reason.code for reason in reasons(verdict, subject_type)]
    if code not in codes:
        raise ValueError(
            f"{code!r} is no reason for {verdict!r} of a case over {subject_type}; "
            f"reasons: {', '.join(codes)}"
        )
