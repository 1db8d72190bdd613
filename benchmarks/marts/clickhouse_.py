"""The marts in ClickHouse, embedded as chdb: SQL over the Parquet files, with ASOF joins."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from chdb.session import Session

from marts import (
    CARD_ACTS,
    CONSIDERED,
    CREDIT,
    CREDIT_KEYS,
    ENGAGEMENTS,
    JUDGED_FUNNEL_METRICS,
    JUDGED_NOTE_METRICS,
    LOOKBACK_DAYS,
    OTHER_NOTE_METRICS,
    ROI_DAYS,
    ROI_DAYS_CONSIDERED,
    STANDINGS,
    SUMMED_FUNNEL_METRICS,
)

TABLES = """
note_impressions note_reads note_states engagements product_card_events product_views product_states
cart_adds orders order_lines order_standings order_verdicts user_verdicts click_verdicts refunds
brand_page_views brand_states ad_clicks creative_states
""".split()

STANDING = "multiIf(state = 'effective', kind, state = 'pending', 'pending', 'valid')"


def note_daily(inputs: Path, made: Path) -> None:
    _write(
        inputs,
        made,
        f"""
        WITH facts AS (
          SELECT note_id, event_date, actor_id, 'impressions' AS act, 1 AS n, 0 AS open_ms
          FROM note_impressions
          UNION ALL
          SELECT note_id, event_date, actor_id, 'reads', 1, dwell_ms FROM note_reads
          UNION ALL
          SELECT note_id, event_date, actor_id, {_renamed("kind", ENGAGEMENTS)}, net, 0
          FROM engagements
          UNION ALL
          SELECT note_id, event_date, actor_id, {_renamed("act", CARD_ACTS)}, 1, 0
          FROM product_card_events WHERE note_id IS NOT NULL
        ),
        judged AS (
          SELECT facts.*, {STANDING} AS standing
          FROM facts LEFT JOIN user_verdicts AS v USING (actor_id, event_date)
        ),
        days AS (
          SELECT
            note_id,
            event_date,
            {_metrics(JUDGED_NOTE_METRICS, OTHER_NOTE_METRICS)},
            uniqExactIf(actor_id, act = 'impressions') AS reach,
            uniqExactIf(actor_id, act = 'reads') AS readers,
            sum(open_ms) AS dwell_ms
          FROM judged GROUP BY note_id, event_date
        )
        SELECT
          days.*,
          ifNull(creator_id, '(unknown)') AS creator_id,
          brand_ids,
          ifNull(is_disclosed_ad, false) AS is_disclosed_ad
        FROM days ASOF LEFT JOIN note_states AS n
          ON n.note_id = days.note_id AND days.event_date >= n.event_date
        """,
    )


def product_funnel_daily(inputs: Path, made: Path) -> None:
    keys = "product_id, brand_id, event_date"
    _write(
        inputs,
        made,
        f"""
        WITH bought AS (
          SELECT {keys}, order_id, actor_id, isNotNull(paid_at) AS is_paid,
                 sum(quantity) AS units, sum(amount_minor) AS amount
          FROM order_lines JOIN orders USING (order_id, event_date)
          GROUP BY {keys}, order_id, actor_id, is_paid
        ),
        acts AS (
          SELECT {keys}, actor_id, 'product_views' AS act, 1 AS n FROM product_views
          UNION ALL
          SELECT {keys}, actor_id, 'cart_adds', 1 FROM cart_adds
          UNION ALL
          SELECT {keys}, actor_id, if(is_paid, 'payment', 'order'), 1 FROM bought
        ),
        judged_orders AS (
          SELECT {keys}, is_paid, units, amount, standing
          FROM bought LEFT JOIN order_standings AS s USING (order_id, event_date)
        ),
        cards AS (
          SELECT product_id, event_date, concat('card_', act, 's') AS act, toInt64(count()) AS n
          FROM product_card_events GROUP BY product_id, event_date, act
        ),
        facts AS (
          SELECT {keys}, actor_id, act, n, {STANDING} AS standing
          FROM acts LEFT JOIN user_verdicts AS v USING (actor_id, event_date)
          UNION ALL
          SELECT {keys}, NULL, 'orders_placed', 1, standing FROM judged_orders
          UNION ALL
          SELECT {keys}, NULL, 'orders', 1, standing FROM judged_orders WHERE is_paid
          UNION ALL
          SELECT {keys}, NULL, 'units', units, standing FROM judged_orders WHERE is_paid
          UNION ALL
          SELECT {keys}, NULL, 'gmv_minor', amount, standing FROM judged_orders WHERE is_paid
          UNION ALL
          SELECT c.product_id, ifNull(p.brand_id, '(unknown)'), c.event_date, NULL, c.act, c.n, NULL
          FROM cards AS c ASOF LEFT JOIN product_states AS p
            ON p.product_id = c.product_id AND c.event_date >= p.event_date
        )
        SELECT
          {keys},
          {_metrics(JUDGED_FUNNEL_METRICS, SUMMED_FUNNEL_METRICS)},
          uniqExactIf(actor_id, act = 'product_views') AS viewers,
          uniqExactIf(actor_id, act = 'cart_adds') AS carters,
          uniqExactIf(actor_id, act IN ('order', 'payment')) AS orderers,
          uniqExactIf(actor_id, act = 'payment') AS buyers
        FROM facts GROUP BY {keys}
        """,
    )


def last_touch(inputs: Path, made: Path) -> None:
    considered = ", ".join(f"'{category}'" for category in CONSIDERED)
    _write(
        inputs,
        made,
        f"""
        WITH {_PURCHASES}, {_TOUCHES},
        last_touches AS (
          SELECT
            p.order_id AS order_id, p.event_date AS ordered_on, p.brand_id AS brand_id,
            any(p.currency) AS currency, any(p.placed_at) AS placed_at,
            any(p.revenue_minor) AS revenue_minor, any(p.refunded_minor) AS refunded_minor,
            any(p.order_standing) AS order_standing,
            argMax(
              tuple(touched_on, occurred_at, channel, campaign_id, note_id, touch_standing),
              (occurred_at, touch_id)) AS touch
          FROM purchases AS p
          JOIN touches AS t ON t.actor_id = p.actor_id AND t.brand_id = p.brand_id
          WHERE t.occurred_at <= p.placed_at AND touched_on >= p.event_date - {LOOKBACK_DAYS}
          GROUP BY order_id, ordered_on, brand_id
        ),
        credits AS (
          SELECT
            l.brand_id AS brand_id, touch.1 AS event_date, touch.3 AS channel,
            touch.4 AS campaign_id, touch.5 AS note_id, currency, revenue_minor, refunded_minor,
            1. AS credited_orders,
            if(
              toUnixTimestamp(placed_at) - toUnixTimestamp(touch.2) <= 86400 * if(
                ifNull(b.category, '') IN ({considered}), {ROI_DAYS_CONSIDERED}, {ROI_DAYS}),
              revenue_minor - refunded_minor, 0) AS roi_revenue_minor,
            multiIf(
              touch.6 IN ('givt', 'sivt'), touch.6,
              order_standing IN ('givt', 'sivt'), order_standing,
              touch.6 = 'pending' OR order_standing = 'pending', 'pending', 'valid') AS standing
          FROM last_touches AS l ASOF LEFT JOIN brand_states AS b
            ON b.brand_id = l.brand_id AND touch.1 >= b.event_date
        )
        SELECT {", ".join(CREDIT_KEYS)}, {", ".join(_parts(metric) for metric in CREDIT)}
        FROM credits AS c GROUP BY {", ".join(CREDIT_KEYS)}
        """,
    )


_PURCHASES = """
bought AS (
  SELECT order_id, event_date, brand_id, sum(amount_minor) AS amount
  FROM order_lines GROUP BY order_id, event_date, brand_id
),
running AS (
  SELECT
    bought.*,
    sum(amount) OVER (
      PARTITION BY order_id, event_date ORDER BY brand_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS until,
    nullIf(sum(amount) OVER (PARTITION BY order_id, event_date), 0) AS all_brands
  FROM bought
),
refunded AS (
  SELECT order_id, event_date, sum(amount_minor) AS refunded
  FROM refunds GROUP BY order_id, event_date
),
purchases AS (
  SELECT
    o.order_id AS order_id, o.event_date AS event_date, o.actor_id AS actor_id,
    o.placed_at AS placed_at, o.currency AS currency, a.brand_id AS brand_id,
    ifNull(intDiv(o.total_minor * until, all_brands), 0)
      - ifNull(intDiv(o.total_minor * (until - amount), all_brands), 0) AS revenue_minor,
    ifNull(intDiv(refunded * until, all_brands), 0)
      - ifNull(intDiv(refunded * (until - amount), all_brands), 0) AS refunded_minor,
    multiIf(
      v.state = 'effective', v.kind,
      u.state = 'effective', u.kind,
      v.state = 'pending' OR u.state = 'pending', 'pending', 'valid') AS order_standing
  FROM orders AS o
  JOIN running AS a ON a.order_id = o.order_id AND a.event_date = o.event_date
  LEFT JOIN refunded AS r ON r.order_id = o.order_id AND r.event_date = o.event_date
  LEFT JOIN order_verdicts AS v ON v.order_id = o.order_id AND v.event_date = o.event_date
  LEFT JOIN user_verdicts AS u ON u.actor_id = o.actor_id AND u.event_date = o.event_date
  WHERE o.paid_at IS NOT NULL AND o.actor_id IS NOT NULL AND a.brand_id <> '(unknown)'
)
"""
"""Paid orders by brand, each with its part of what was owed and of what went back."""

_TOUCHES = f"""
buyers AS (SELECT DISTINCT actor_id, brand_id FROM purchases),
ads AS (
  SELECT c.*, n.note_id AS note_id
  FROM ad_clicks AS c ASOF LEFT JOIN creative_states AS n
    ON n.creative_id = c.creative_id AND c.event_date >= n.event_date
  WHERE (c.actor_id, c.brand_id) IN buyers
),
readings AS (
  SELECT
    r.actor_id AS actor_id, arrayJoin(n.brand_ids) AS brand_id, r.event_date AS event_date,
    r.occurred_at - toIntervalSecond(intDiv(r.dwell_ms, 1000)) AS occurred_at,
    r.read_id AS touch_id, r.note_id AS note_id, r.request_id AS request_id,
    r.session_id AS session_id
  FROM note_reads AS r ASOF JOIN note_states AS n
    ON n.note_id = r.note_id AND r.event_date >= n.event_date
),
cards AS (
  SELECT k.*, p.brand_id AS brand_id
  FROM product_card_events AS k ASOF JOIN product_states AS p
    ON p.product_id = k.product_id AND k.event_date >= p.event_date
  WHERE k.act = 'click'
),
acts AS (
  SELECT
    r.actor_id AS actor_id, r.brand_id AS brand_id, r.event_date AS event_date,
    r.occurred_at AS occurred_at, r.touch_id AS touch_id, 'note' AS channel, r.note_id AS note_id
  FROM readings AS r
  LEFT ANTI JOIN ads AS a ON a.actor_id = r.actor_id AND a.brand_id = r.brand_id
    AND a.request_id = r.request_id AND a.note_id = r.note_id
  WHERE (r.actor_id, r.brand_id) IN buyers
  UNION ALL
  SELECT
    c.actor_id, c.brand_id, c.event_date, c.occurred_at, c.event_id,
    multiIf(c.note_id IS NOT NULL, 'note', c.surface = 'search', 'search', 'product_card'),
    c.note_id
  FROM cards AS c
  LEFT ANTI JOIN readings AS r ON r.actor_id = c.actor_id AND r.brand_id = c.brand_id
    AND r.session_id = c.session_id AND r.note_id = c.note_id
  LEFT ANTI JOIN ads AS a ON a.actor_id = c.actor_id AND a.brand_id = c.brand_id
    AND a.session_id = c.session_id AND a.note_id = c.note_id
  WHERE (c.actor_id, c.brand_id) IN buyers
  UNION ALL
  SELECT actor_id, brand_id, event_date, occurred_at, event_id, 'brand_page', NULL
  FROM brand_page_views WHERE (actor_id, brand_id) IN buyers
),
touches AS (
  SELECT
    actor_id, brand_id, event_date AS touched_on, occurred_at, click_id AS touch_id,
    if(placement = 'search', 'search_ad', 'feed_ad') AS channel, campaign_id, note_id,
    {STANDING} AS touch_standing
  FROM ads LEFT JOIN click_verdicts AS v USING (click_id, event_date)
  UNION ALL
  SELECT
    actor_id, brand_id, event_date, occurred_at, touch_id, channel, NULL, note_id, {STANDING}
  FROM acts LEFT JOIN user_verdicts AS v USING (actor_id, event_date)
)
"""
"""Clicks on ads, readings, clicks on product cards and views of pages, of later buyers."""


@cache
def _session(inputs: Path) -> Session:
    session = Session()
    for setting in ("max_threads = 2", "join_use_nulls = 1"):
        session.query(f"SET {setting}")
    for table in TABLES:
        files = inputs / table / "**" / "*.parquet"
        session.query(f"CREATE VIEW {table} AS SELECT * FROM file('{files}', Parquet)")
    return session


def _metrics(judged: Sequence[str], other: Sequence[str]) -> str:
    """A sum of ``n`` for each act, and its parts by standing where they are told apart."""
    totals = [f"ifNull(sumIf(n, act = '{act}'), 0) AS {act}" for act in (*judged, *other)]
    parts = [
        f"ifNull(sumIf(n, act = '{act}' AND standing = '{standing}'), 0) AS {act}_{standing}"
        for act in judged
        for standing in STANDINGS
    ]
    return ", ".join([*totals, *parts])


def _parts(metric: str) -> str:
    parts = [f"sumIf(c.{metric}, standing = '{s}') AS {metric}_{s}" for s in STANDINGS]
    return ", ".join([f"sum(c.{metric}) AS {metric}", *parts])


def _renamed(column: str, names: dict[str, str]) -> str:
    return f"transform({column}, {list(names)}, {list(names.values())}, '')"


def _write(inputs: Path, made: Path, query: str) -> None:
    target = made / "event_date={_partition_id}" / "rows.parquet"
    _session(inputs).query(
        f"INSERT INTO FUNCTION file('{target}', Parquet) PARTITION BY toString(event_date) {query} "
        "SETTINGS output_format_parquet_compression_method = 'zstd'"
    )
