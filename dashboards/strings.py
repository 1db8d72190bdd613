"""Every word on the pages, in zh and en. Metrics and reason codes bring their own."""

from collections.abc import Callable
from typing import Final

from dashboards.formats import Language

Say = Callable[..., str]

TEXTS: Final[dict[str, tuple[str, str]]] = {
    # the frame around every page
    "fresh": (
        "数据至 {watermark} · {published} 发布",
        "Data to {watermark} · published {published}",
    ),
    "published": ("{published} 发布", "Published {published}"),
    "fresh_help": (
        "第 {number} 版，时区 {timezone}。\n\n各来源最后一个事件：\n\n{sources}",
        "Release {number}, time zone {timezone}.\n\nLast event of each source:\n\n{sources}",
    ),
    "no_release": ("还没有发布过数据", "No data has been published yet"),
    "no_release_help": (
        "第一次批处理完成后，这里会显示数字。",
        "Numbers appear here when the first batch has finished.",
    ),
    "language": ("语言", "Language"),
    "theme": ("外观", "Appearance"),
    "theme.light": ("浅色", "Light"),
    "theme.dark": ("深色", "Dark"),
    "sign_out": ("退出登录", "Sign out"),
    "role.brand": ("品牌账户", "Brand account"),
    "role.reviewer": ("审核账户", "Reviewer account"),
    "signed_out": ("登录已结束，正在转到登录页…", "Your session has ended; taking you to sign-in…"),
    # sign-in
    "sign_in": ("登录", "Sign in"),
    "sign_in.lead": (
        "真实的数字：总值、净值与证据。",
        "Numbers you can trust: gross, net, and the evidence.",
    ),
    "sign_in.login": ("账号", "Login"),
    "sign_in.password": ("密码", "Password"),
    "sign_in.refused": (
        "账号或密码不正确。多次失败后请稍等几分钟再试。",
        "Wrong login or password. After several wrong tries, wait a few minutes.",
    ),
    # filters
    "brand": ("品牌", "Brand"),
    "period": ("时间", "Period"),
    "period.1": ("1天", "1 day"),
    "period.7": ("近7天", "7 days"),
    "period.28": ("近28天", "28 days"),
    "period.91": ("近91天", "91 days"),
    "end": ("截至", "Ending on"),
    "compare": ("对比", "Compare with"),
    "compare.previous": ("上一周期", "Previous period"),
    "compare.year": ("去年同期", "Last year"),
    "versus.previous": ("较上期", "vs previous"),
    "versus.year": ("较去年", "vs last year"),
    "compared_with": ("对比 {against}", "compared with {against}"),
    "withheld": ("暂不对比：", "not compared: "),
    "withheld.no_history": (
        "{against} 早于已有数据（{first} 起）。",
        "{against} starts before there is data (from {first}).",
    ),
    "withheld.arriving": (
        "{last} 的数据仍在到达（至 {watermark}），为初步值。",
        "{last} is preliminary, its data is still arriving (to {watermark}).",
    ),
    "withheld.pending": (
        "待定超过 5%，审核后可能变化。",
        "more than 5% is pending and may still change.",
    ),
    # the brand page
    "refused": ("无权查看这个品牌", "This brand is not yours to see"),
    "refused_help": (
        "链接中的品牌不属于你的账户，没有读取任何数据。",
        "The link names a brand outside your account. Nothing was read.",
    ),
    "refused_back": ("查看我的品牌", "Show my brand"),
    "empty": ("这个品牌还没有数据", "There is no data for this brand yet"),
    "empty_help": (
        "数据到达并发布后，这里会显示漏斗、走势和排行。已发布的最新版本：{published}。",
        "The funnel, trends and rankings appear once data has arrived and been published. "
        "Newest release: {published}.",
    ),
    "empty_period": ("{window} 没有数据", "No data in {window}"),
    "empty_period_help": (
        "已有数据：{covered}。请换一个时间。",
        "There is data for {covered}. Choose another period.",
    ),
    "net_of": ("{metric}（净）", "{metric}, net"),
    "people": ("到访人数", "People"),
    "people_help": (
        "时间内浏览、加购或下单过的去重人数，即漏斗的第一步。",
        "Distinct people who viewed, carted or ordered in the period: the funnel's first step.",
    ),
    "gross_of": ("{metric}（总）", "{metric}, gross"),
    "pending_of": ("{metric}（待定）", "{metric}, pending"),
    "removed_share_of": ("{metric}剔除率", "{metric} removed"),
    "gross_line": (
        "总值 {gross}，已剔除 {removed}，待定 {pending}。",
        "Gross {gross}, removed {removed}, pending {pending}.",
    ),
    "exactly": ("准确值 {value}。", "Exactly {value}."),
    "gross": ("总值", "Gross"),
    "net": ("净值", "Net"),
    "removed": ("已剔除", "Removed"),
    "pending": ("待定", "Pending"),
    "current": ("本期", "This period"),
    "previous": ("对比期", "Compared"),
    "day": ("日期", "Day"),
    "state": ("状态", "State"),
    "preliminary": ("初步", "preliminary"),
    "final": ("已定", "final"),
    "daily": ("{metric} · 走势", "{metric} by day"),
    "verdicts_help": (
        "净值 = 总值 − 已剔除。待定仍计入净值，等待审核。浅色的日子为初步值。",
        "Net = gross − removed. Pending is inside net and awaits review. Pale days are not final.",
    ),
    "preliminary_help": (
        "浅色的日子为初步值，数据仍在到达。",
        "Pale days are preliminary: data is still arriving.",
    ),
    "daily_alt": (
        "{metric}，{window}，逐日。",
        "{metric} by day, {window}.",
    ),
    "funnel": ("从浏览到支付", "From viewing to paying"),
    "funnel_help": (
        "去重人数，{window}。每条为上一步走到这一步（或更远）的比例；竖线为对比期。",
        "Distinct people, {window}. Each bar is the share of the step before that came this far "
        "or further; the tick is the compared period.",
    ),
    "funnel_alt": ("人群漏斗：{steps}。", "People funnel: {steps}."),
    "funnel_none": ("这个时间没有去重人数。", "No count of people for this period."),
    "reached_view": ("浏览", "Viewed"),
    "reached_cart": ("加购", "Carted"),
    "reached_order": ("下单", "Ordered"),
    "reached_payment": ("支付", "Paid"),
    "fates": ("{metric} · 去向", "{metric}: what became of them"),
    "fates_help": ("每条为占总值的比例，{window}。", "Each bar is a share of gross, {window}."),
    "fates_alt": ("占总值的比例：{steps}。", "Shares of gross: {steps}."),
    "fate.settled": ("有效", "Valid"),
    "fate.pending": ("待定", "Pending"),
    "fate.givt": ("常规无效", "General invalid"),
    "fate.sivt": ("复杂无效", "Sophisticated"),
    "metric": ("指标", "Metric"),
    "shop": ("店铺", "Shop"),
    "ads": ("广告", "Ads"),
    "products": ("商品排行", "Top products"),
    "campaigns": ("计划排行", "Top campaigns"),
    "product": ("商品", "Product"),
    "product_id": ("商品编号", "Product id"),
    "campaign": ("计划", "Campaign"),
    "units": ("件数", "Units"),
    "removed_share": ("剔除率", "Removed share"),
    "table_of": ("显示 {shown} / {total}", "{shown} of {total}"),
    "csv": ("下载 CSV", "Download CSV"),
    "unnamed": ("（未命名）", "(unnamed)"),
    # restatement
    "restated": ("数字有更正", "Numbers were restated"),
    "restated_line": ("{metric} {old} → {new}（{cause}）", "{metric} {old} → {new} ({cause})"),
    "restated_since": (
        "与 {published} 发布的第 {number} 版相比，只列两版都有的日子。",
        "Compared with release {number}, published {published}; only days that both releases had.",
    ),
    "restated.metric": ("指标", "Metric"),
    "restated.days": ("日期", "Days"),
    "restated.cause": ("原因", "Cause"),
    "cause.late_data": ("迟到数据", "late data"),
    "cause.review_decision": ("审核决定", "review decision"),
    "cause.flagged": ("新送审", "newly flagged"),
    # the reviewer
    "review": ("审核队列", "Review queue"),
    "queue.open": ("待审 {count}", "Open {count}"),
    "queue.decided": ("已审 {count}", "Decided {count}"),
    "queue.next": ("从最高优先级开始", "Start with the top case"),
    "queue.empty.open": ("没有待审的案件", "No open cases"),
    "queue.empty.open.help": (
        "检测到新的可疑行为后，案件会出现在这里。",
        "Cases appear here when a detector finds something suspicious.",
    ),
    "queue.empty.decided": ("还没有审过的案件", "Nothing decided yet"),
    "queue.empty.decided.help": (
        "你的决定会列在这里，可以重新决定。",
        "Decisions are listed here and can be made again.",
    ),
    "subjects.ad_click": ("{count} 次点击", "Clicks: {count}"),
    "subjects.order": ("{count} 个订单", "Orders: {count}"),
    "subjects.review": ("{count} 条评价", "Reviews: {count}"),
    "subjects.note": ("{count} 篇笔记", "Notes: {count}"),
    "subjects.comment": ("{count} 条评论", "Comments: {count}"),
    "subjects.user": ("{count} 个用户日", "User days: {count}"),
    "what.ad_click": ("{count} 次点击", "{count} clicks"),
    "what.order": ("{count} 个订单", "{count} orders"),
    "what.review": ("{count} 条评价", "{count} reviews"),
    "what.note": ("{count} 篇笔记", "{count} notes"),
    "what.comment": ("{count} 条评论", "{count} comments"),
    "what.user": ("{count} 个用户日的行为", "the acts of {count} user days"),
    "queue.opened": ("{at} 立案", "opened {at}"),
    "queue.decided_at": ("{at} 决定", "decided {at}"),
    "queue.priority": ("优先级 {priority}", "priority {priority}"),
    "queue.review": ("查看", "View"),
    "queue.back": ("返回队列", "Back to the queue"),
    "case.none": ("找不到这个案件", "There is no such case"),
    "case.none.help": ("链接可能不完整。", "The link may be incomplete."),
    "case.confirmed": ("已确认", "confirmed"),
    "case.dismissed": ("已驳回", "dismissed"),
    "case.version": ("版本 {version}", "version {version}"),
    "case.round": ("第 {round} 轮", "round {round}"),
    "case.rule": ("规则", "The rule"),
    "case.rule_by": (
        "{detector} · 版本 {version} · {kind}",
        "{detector} · version {version} · {kind}",
    ),
    "kind.givt": ("常规无效流量", "general invalid traffic"),
    "kind.sivt": ("复杂无效流量", "sophisticated invalid traffic"),
    "actor.address": ("地址", "address"),
    "actor.device_model": ("机型", "device model"),
    "actor.os": ("系统", "system"),
    "case.who": ("行为主体", "Who"),
    "thing.campaign": ("计划 {name}", "campaign {name}"),
    "thing.brand": ("品牌 {name}", "brand {name}"),
    "thing.shop": ("店铺 {name}", "shop {name}"),
    "case.where": ("在哪里", "Where"),
    "case.where_line": ("计划 {campaign}（品牌 {brand}）", "Campaign {campaign} (brand {brand})"),
    "case.sample": (
        "这里是 {total} 次可疑点击中的 {shown} 次。",
        "These are {shown} of {total} suspicious clicks.",
    ),
    "case.what": ("做了什么", "Did what"),
    "case.when": ("时间", "When"),
    "case.effect": ("若确认", "If confirmed"),
    "case.what_line": (
        "{clicks} 次点击，其中 {flagged} 次可疑",
        "{clicks} clicks, {flagged} of them suspicious",
    ),
    "case.when_line": ("{first} 至 {last}（{span}）", "{first} to {last} ({span})"),
    "case.effect_line": (
        "净值减少{what}，总值不变",
        "Net falls by {what}; gross stays",
    ),
    "case.why": ("为什么可疑", "Why it is suspicious"),
    "case.why_alt": ("{signs} 个迹象及其出现次数。", "{signs} signs and how many show them."),
    "case.probability": ("把握 {probability}", "probability {probability}"),
    "case.subjects": ("逐项证据", "One by one"),
    "case.subjects_alt": ("{shown} 项证据。", "Evidence on {shown} subjects."),
    "sign.words": ("迹象", "Sign"),
    "sign.share": ("出现比例", "Share that shows it"),
    "sign.count": ("项数", "How many"),
    "subject.day": ("日期", "Day"),
    "subject.id": ("编号", "Id"),
    "subject.probability": ("把握", "Probability"),
    "subject.reasons": ("理由：值@百分位", "Reasons: value@percentile"),
    "case.timeline": ("点击时间线", "Clicks over time"),
    "case.timeline_alt": (
        "{clicks} 次点击的时间线，{flagged} 次可疑。",
        "Timeline of {clicks} clicks, {flagged} suspicious.",
    ),
    "case.frozen": (
        "证据冻结于立案时，时区 {timezone}。",
        "Evidence as frozen with this version; time zone {timezone}.",
    ),
    "case.more": ("其他证据", "More evidence"),
    "click.at": ("时间", "Time"),
    "click.id": ("点击", "Click"),
    "click.gap": ("距上次", "Since the last"),
    "click.campaign": ("计划", "Campaign"),
    "click.state": ("判断", "Finding"),
    "click.flagged": ("可疑", "suspicious"),
    "click.clear": ("参照", "for reference"),
    "decide": ("决定", "Your decision"),
    "decide.verdict": ("结论", "Verdict"),
    "decide.confirmed": ("确认无效", "Confirm as invalid"),
    "decide.dismissed": ("驳回", "Dismiss"),
    "decide.reason": ("理由", "Reason"),
    "decide.reason.choose": ("请选择理由", "Choose a reason"),
    "decide.note": ("备注（可选）", "Note (optional)"),
    "decide.continue": ("继续", "Continue"),
    "decide.sure.confirmed": (
        "确认后，{what}将从净值中剔除，并更正品牌的数字。",
        "Confirming removes {what} from net and restates the brand's numbers.",
    ),
    "decide.sure.dismissed": (
        "驳回后，{what}仍计入净值，不再待定。",
        "Dismissing keeps {what} in net, no longer pending.",
    ),
    "decide.write": ("写入决定", "Record the decision"),
    "decide.back": ("返回", "Back"),
    "decide.again": ("重新决定", "Decide again"),
    "decide.next": ("下一个案件", "Next case"),
    "decided.done": (
        "决定已记录，数字将随下一次批处理更正。",
        "Recorded. The next batch restates the numbers.",
    ),
    "decided.moved": (
        "别人先决定了这个案件，你的决定没有写入。下面是最新状态。",
        "Somebody else decided this case first. Yours was not written; this is its current state.",
    ),
    "decided.extended": (
        "案件刚有新证据，你的决定没有写入。请看过新证据再决定。",
        "New evidence has just come in. Nothing was written; look at it before you decide.",
    ),
    "decided.session": (
        "登录已失效，决定没有写入。",
        "Your session has ended; nothing was written.",
    ),
    "decided.own": (
        "这是您自己的决定，申诉须由另一位审核员复核。",
        "This decision is your own: another reviewer rules on the appeal.",
    ),
    "decided.title": ("决定记录", "Decisions"),
    "decided.line": ("{at} · {login}：{verdict}，{reason}", "{at} · {login}: {verdict}, {reason}"),
}


def known(key: str) -> bool:
    """Whether there is a text with this key."""
    return key in TEXTS


def speaker(language: Language) -> Say:
    """A function that says a text by its key, with its values filled in."""
    side = 0 if language == "zh" else 1

    def say(key: str, **values: object) -> str:
        return TEXTS[key][side].format(**values)

    return say
