/*
grain: one row per order, with what the carrier told of its parcel within 14 days
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: {features.product_parcels_daily: 56}
lookahead: {features.product_parcels_daily: 14, silver.shipments: 14, silver.parcel_scans: 14}
columns:
  order_id: the order, as source:id
  event_date: reporting-local day on which it was placed [day]
  product_id: the product of its first line
  brand_id: that product's brand, "(unknown)" if none
  lines: its lines [count]
  pieces: pieces of all lines [count]
  unit_price_minor: price of one piece of the first line [minor]
  weight_grams: what its parcels weigh together, empty until shipped [count]
  usual_grams: what a parcel of so many pieces usually weighs, empty if none was sent yet [score]
  weight_ratio: weight over usual weight, empty if either is [score]
  ship_seconds: from the order to its first parcel, empty until shipped [seconds]
  travel_seconds: from the first parcel to the first delivery, empty until delivered [seconds]
  scans: times that a carrier saw its parcels [count]
  places: different places of these [count]
expect:
  - unique: [order_id, event_date]
  - not_null: [order_id, event_date, lines, pieces, scans, places]
  - no_rows: SELECT * FROM {batch} WHERE weight_ratio < 0 OR ship_seconds < 0
notes: >
  An empty parcel weighs little for what it should hold. What a piece usually weighs is learned from parcels sent in
  the 56 days before the order and the 14 days after it, see features.product_parcels_daily.
*/
WITH ordered_lines AS (
  SELECT order_id, event_date, line_number, product_id, brand_id, quantity, unit_price_minor
  FROM silver.order_lines
  WHERE event_date BETWEEN $from_date AND $to_date
),
days_and_weighings AS (
  SELECT product_id, event_date, cubes, fourths, 0 AS is_asked
  FROM features.product_parcels_daily
  WHERE event_date BETWEEN $from_date - 56 AND $to_date + 14
  UNION ALL
  SELECT DISTINCT product_id, event_date, cast(0 AS DOUBLE), cast(0 AS DOUBLE), 1 FROM ordered_lines
),
around AS (
  SELECT product_id, event_date, is_asked, sum(cubes) OVER days AS cubes, sum(fourths) OVER days AS fourths
  FROM days_and_weighings
  WINDOW days AS (
    PARTITION BY product_id ORDER BY date_diff('day', DATE '1970-01-01', event_date)
    RANGE BETWEEN 56 PRECEDING AND 14 FOLLOWING
  )
),
usual AS (
  SELECT product_id, event_date, 10 * cast(fourths AS DOUBLE) / nullif(cubes, 0) AS grams FROM around WHERE is_asked = 1
),
contents AS (
  SELECT
    l.order_id,
    l.event_date,
    max(CASE WHEN l.line_number = 1 THEN l.product_id END)        AS product_id,
    max(CASE WHEN l.line_number = 1 THEN l.brand_id END)          AS brand_id,
    max(CASE WHEN l.line_number = 1 THEN l.unit_price_minor END)  AS unit_price_minor,
    count(*)                                                      AS lines,
    sum(l.quantity)                                               AS pieces,
    CASE WHEN count(u.grams) = count(*) THEN round(sum(l.quantity * u.grams), 3) END AS usual_grams
  FROM ordered_lines AS l
  LEFT JOIN usual AS u ON u.product_id = l.product_id AND u.event_date = l.event_date
  GROUP BY l.order_id, l.event_date
),
placed AS (
  SELECT order_id, event_date, placed_at FROM silver.orders WHERE event_date BETWEEN $from_date AND $to_date
),
parcels AS (
  SELECT
    o.order_id,
    o.event_date,
    sum(CASE WHEN s.step = 'shipped' THEN s.weight_grams END)       AS weight_grams,
    min(CASE WHEN s.step = 'shipped' THEN s.occurred_at END)        AS shipped_at,
    min(CASE WHEN s.step = 'delivered' THEN s.occurred_at END)      AS delivered_at
  FROM placed AS o
  JOIN silver.shipments AS s ON s.order_id = o.order_id AND s.event_date BETWEEN o.event_date AND o.event_date + 14
  WHERE s.event_date BETWEEN $from_date AND $to_date + 14
  GROUP BY o.order_id, o.event_date
),
seen AS (
  SELECT o.order_id, o.event_date, count(*) AS scans, count(DISTINCT s.place) AS places
  FROM placed AS o
  JOIN silver.parcel_scans AS s ON s.order_id = o.order_id AND s.event_date BETWEEN o.event_date AND o.event_date + 14
  WHERE s.event_date BETWEEN $from_date AND $to_date + 14
  GROUP BY o.order_id, o.event_date
)
SELECT
  o.order_id,
  o.event_date,
  c.product_id,
  c.brand_id,
  coalesce(c.lines, 0)                                                                      AS lines,
  coalesce(c.pieces, 0)                                                                     AS pieces,
  c.unit_price_minor,
  p.weight_grams,
  c.usual_grams,
  round(cast(p.weight_grams AS DOUBLE) / nullif(c.usual_grams, 0), 6)                       AS weight_ratio,
  greatest(cast(epoch(p.shipped_at) AS BIGINT) - cast(epoch(o.placed_at) AS BIGINT), 0)     AS ship_seconds,
  greatest(cast(epoch(p.delivered_at) AS BIGINT) - cast(epoch(p.shipped_at) AS BIGINT), 0)  AS travel_seconds,
  coalesce(s.scans, 0)                                                                      AS scans,
  coalesce(s.places, 0)                                                                     AS places
FROM placed AS o
LEFT JOIN contents AS c ON c.order_id = o.order_id AND c.event_date = o.event_date
LEFT JOIN parcels AS p ON p.order_id = o.order_id AND p.event_date = o.event_date
LEFT JOIN seen AS s ON s.order_id = o.order_id AND s.event_date = o.event_date
