/*
grain: one row per order, as known 14 days after it
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback:
  silver.orders: 42
  silver.payments: 14
  silver.cancellations: 14
  silver.reviews: 14
  features.order_parcels: 42
  features.order_sharing: 14
  features.post_briefs: 14
lookahead:
  silver.orders: 14
  silver.payments: 15
  silver.cancellations: 28
  silver.reviews: 28
  features.order_parcels: 14
  features.order_sharing: 14
  features.post_briefs: 28
columns:
  order_id: the order, as source:id
  event_date: reporting-local day on which it was placed [day]
  placed_at: when it was placed [UTC]
  actor_id: the buyer
  shop_id: the shop
  product_id: the product of its first line
  brand_id: that product's brand
  gains_id: who gains if the order is not real; its brand, or its buyer where the shop's coupon is taken
  harmed_id: whose loss it is; the brand where its coupon is taken, else empty
  instrument: pseudonym of what pays for it, empty until it is paid
  ship_to: pseudonym of where its parcel goes
  total_minor: what the buyer owes, after discounts [minor]
  pieces: pieces of all lines [count]
  price_ratio: price of a piece over what the product cost in the shop's orders of the 14 days around, on average [score]
  discount_share: discount over the price before it [share]
  coupon_used: it was placed with a coupon [flag]
  claim_seconds: from the buyer's last claim of a coupon to the order, empty without one in 7 days [seconds]
  views_before: times that the buyer opened one of its products in the 7 days before [count]
  first_view_seconds: from the first of these to the order, empty without one [seconds]
  last_view_seconds: from the last of these to the order, empty without one [seconds]
  other_products_1d: other products that the buyer looked at in the 24 hours before [count]
  other_brands_1d: other brands that the buyer looked at in the 24 hours before [count]
  came_by_note: a note led to one of the views [flag]
  carts_before: times that one of its products was put into the cart in the 7 days before [count]
  reads_1h: notes opened in the hour before [count]
  searches_1h: searches in the hour before [count]
  account_age_days: since the buyer's sign-up, empty if the source does not say [number]
  profile_gaps: picture and words that the buyer's profile lacks [count]
  active_days_28d: days with an act in the 28 days before [count]
  acts_28d: acts on these days [count]
  buyer_orders_28d: the buyer's orders in the 28 days before and on the day [count]
  buyer_shop_orders: the buyer's orders at the shop, from 28 days before to 14 days after [count]
  buyer_product_orders: the buyer's orders of the product in that time [count]
  shop_share: buyer_shop_orders over the buyer's orders at all in that time [share]
  ship_to_buyers: buyers who had parcels sent to its address [count]
  instrument_buyers: buyers who paid with what pays for it [count]
  device_buyers: the most buyers on one of its buyer's devices [count]
  address_buyers: the most buyers behind one of its buyer's network addresses [count]
  shop_ship_to_buyers: of ship_to_buyers, those at its shop [count]
  shop_instrument_buyers: of instrument_buyers, those at its shop [count]
  shop_device_buyers: the most buyers of its shop on one of its buyer's devices [count]
  shop_address_buyers: the most buyers of its shop behind one of its buyer's network addresses [count]
  weight_grams: what its parcels weigh, empty until shipped [count]
  weight_ratio: weight over what so many pieces usually weigh [score]
  ship_seconds: from the order to its first parcel [seconds]
  travel_seconds: from the first parcel to the first delivery [seconds]
  scans: times that a carrier saw its parcels [count]
  places: different places of these [count]
  is_cancelled: it was cancelled within 14 days [flag]
  refunded_share: what went back within 14 days over what was owed [share]
  refund_days: days from the order to the first refund within 14 days, empty without one [number]
  is_returned: something was sent back for that refund [flag]
  review_stars: stars of the buyer's review of it within 14 days, empty without one [number]
  review_days: days from the order to that review [number]
  review_house_share: share of its text that is said under this brand only [share]
  review_letters: letters of that review without names [count]
  shop_orders_1h: the shop's orders in the hour up to it, both ends included [count]
  buyer_shop_orders_1h: of these, the buyer's own [count]
  shop_orders_28d: the shop's orders in the 14 days before and after [count]
  shop_light_28d: of these, orders whose parcels weigh less than 0.55 of what they usually do [count]
  shop_light_before: the same in the four weeks before these [count]
  shop_light_share: shop_light_28d over the shop's parcels of these days [share]
  shop_housed_28d: the shop's orders of these days whose reviews have a house share from 0.3 to 0.7 [count]
  buyer_housed_28d: of these, the buyer's own [count]
  product_orders_28d: orders of the product in the 14 days before and after [count]
  product_light_28d: of these, those with a light parcel [count]
  product_light_share: product_light_28d over product_orders_28d [share]
  shop_shared_28d: the shop's orders that share an address with two others or a payment with one other buyer of it [count]
  card_orders_28d: the shop's orders of these days that are paid with the same [count]
  card_cancelled_share: share of these that were cancelled [share]
  card_pieces: pieces of one of these, on average [score]
  card_reviewed_share: share of these that were reviewed with four or five stars [share]
  door_orders_28d: the shop's orders of these days that go to the same address [count]
expect:
  - unique: [order_id, event_date]
  - not_null: [order_id, event_date, placed_at, pieces, views_before, shop_orders_28d, shop_light_28d]
  - between: {column: shop_share, min: 0, max: 1}
  - no_rows: SELECT * FROM {batch} WHERE shop_light_28d > shop_orders_28d OR refund_days > 14
notes: >
  What detectors see of an order. Nothing later than 14 days after an order is known of it; counts around it hold the
  orders of the 14 days before and after, with what is known of each 14 days later.
*/
WITH placed AS (
  SELECT
    order_id, event_date, placed_at, actor_id, coalesce(shop_id, '') AS shop_id, ship_to, total_minor, discount_minor, coupon_id,
    date_diff('day', DATE '1970-01-01', event_date) AS day,
    cast(epoch(placed_at) AS BIGINT)                AS second
  FROM silver.orders
  WHERE event_date BETWEEN $from_date - 42 AND $to_date + 14
),
cards AS (
  SELECT o.order_id, o.event_date, min(p.instrument) AS instrument
  FROM placed AS o
  JOIN silver.payments AS p
    ON p.order_id = o.order_id AND p.step = 'requested' AND p.event_date BETWEEN o.event_date AND o.event_date + 1
  WHERE p.event_date BETWEEN $from_date - 14 AND $to_date + 15
  GROUP BY o.order_id, o.event_date
),
ends AS (
  SELECT DISTINCT o.order_id, o.event_date
  FROM placed AS o
  JOIN silver.cancellations AS c ON c.order_id = o.order_id AND c.event_date BETWEEN o.event_date AND o.event_date + 14
  WHERE c.event_date BETWEEN $from_date - 14 AND $to_date + 28 AND c.reason <> 'unpaid'
),
praise AS (
  SELECT
    o.order_id, o.event_date, r.stars, p.house_share, p.letters,
    date_diff('day', o.event_date, r.event_date) AS days
  FROM placed AS o
  JOIN silver.reviews AS r ON r.order_id = o.order_id AND r.event_date BETWEEN o.event_date AND o.event_date + 14
  LEFT JOIN features.post_briefs AS p
    ON p.post_kind = 'review' AND p.post_id = r.review_id AND p.event_date = r.event_date
    AND p.event_date BETWEEN $from_date - 14 AND $to_date + 28
  WHERE r.event_date BETWEEN $from_date - 14 AND $to_date + 28
  QUALIFY row_number() OVER (PARTITION BY o.order_id, o.event_date ORDER BY r.occurred_at, r.review_id) = 1
),
money_back AS (
  SELECT
    order_id, event_date, sum(amount_minor) AS refunded_minor, min(refunded_on) AS refunded_on,
    max(CASE WHEN return_id IS NOT NULL THEN 1 ELSE 0 END) AS returned
  FROM silver.refunds
  WHERE event_date BETWEEN $from_date AND $to_date AND refunded_on <= event_date + 14
  GROUP BY order_id, event_date
),
told AS (
  SELECT
    o.order_id, o.event_date, o.actor_id, o.shop_id, o.ship_to, o.day, o.second, c.instrument, w.product_id,
    coalesce(w.pieces, 0)                                                                           AS pieces,
    w.unit_price_minor,
    CASE WHEN e.order_id IS NOT NULL THEN 1 ELSE 0 END                                              AS cancelled,
    CASE WHEN r.stars >= 4 THEN 1 ELSE 0 END                                                        AS praised,
    CASE WHEN w.weight_ratio IS NOT NULL THEN 1 ELSE 0 END                                          AS weighed,
    CASE WHEN w.weight_ratio < 0.55 THEN 1 ELSE 0 END                                               AS light,
    CASE WHEN r.house_share BETWEEN 0.3 AND 0.7 THEN 1 ELSE 0 END                                   AS housed,
    CASE WHEN s.shop_ship_to_buyers >= 3 OR s.shop_instrument_buyers >= 2 THEN 1 ELSE 0 END         AS shared
  FROM placed AS o
  LEFT JOIN cards AS c ON c.order_id = o.order_id AND c.event_date = o.event_date
  LEFT JOIN ends AS e ON e.order_id = o.order_id AND e.event_date = o.event_date
  LEFT JOIN praise AS r ON r.order_id = o.order_id AND r.event_date = o.event_date
  LEFT JOIN features.order_parcels AS w
    ON w.order_id = o.order_id AND w.event_date = o.event_date
    AND w.event_date BETWEEN $from_date - 42 AND $to_date + 14
  LEFT JOIN features.order_sharing AS s
    ON s.order_id = o.order_id AND s.event_date = o.event_date
    AND s.event_date BETWEEN $from_date - 14 AND $to_date + 14
),
surrounded AS (
  SELECT
    order_id, event_date, instrument, cancelled,
    count(*) OVER hour_of_shop          AS shop_orders_1h,
    count(*) OVER hour_of_buyer         AS buyer_shop_orders_1h,
    count(*) OVER at_shop               AS shop_orders_28d,
    sum(light) OVER at_shop             AS shop_light_28d,
    sum(weighed) OVER at_shop           AS shop_weighed_28d,
    sum(shared) OVER at_shop            AS shop_shared_28d,
    sum(housed) OVER at_shop            AS shop_housed_28d,
    sum(housed) OVER of_buyer           AS buyer_housed_28d,
    sum(light) OVER at_shop_before      AS shop_light_before,
    count(*) OVER of_product            AS product_orders_28d,
    sum(light) OVER of_product          AS product_light_28d,
    avg(unit_price_minor) OVER of_product AS usual_price,
    count(*) OVER with_card             AS card_orders_28d,
    sum(cancelled) OVER with_card       AS card_cancelled,
    sum(pieces) OVER with_card          AS card_pieces,
    sum(praised) OVER with_card         AS card_praised,
    count(*) OVER to_door               AS door_orders_28d
  FROM told
  WINDOW
    hour_of_shop AS (PARTITION BY shop_id ORDER BY second RANGE BETWEEN 3600 PRECEDING AND CURRENT ROW),
    hour_of_buyer AS (PARTITION BY shop_id, actor_id ORDER BY second RANGE BETWEEN 3600 PRECEDING AND CURRENT ROW),
    at_shop AS (PARTITION BY shop_id ORDER BY day RANGE BETWEEN 14 PRECEDING AND 14 FOLLOWING),
    of_buyer AS (PARTITION BY shop_id, actor_id ORDER BY day RANGE BETWEEN 14 PRECEDING AND 14 FOLLOWING),
    at_shop_before AS (PARTITION BY shop_id ORDER BY day RANGE BETWEEN 42 PRECEDING AND 15 PRECEDING),
    of_product AS (PARTITION BY product_id ORDER BY day RANGE BETWEEN 14 PRECEDING AND 14 FOLLOWING),
    with_card AS (PARTITION BY shop_id, instrument ORDER BY day RANGE BETWEEN 14 PRECEDING AND 14 FOLLOWING),
    to_door AS (PARTITION BY shop_id, ship_to ORDER BY day RANGE BETWEEN 14 PRECEDING AND 14 FOLLOWING)
)
SELECT
  o.order_id,
  o.event_date,
  o.placed_at,
  o.actor_id,
  nullif(o.shop_id, '')                                                                         AS shop_id,
  w.product_id,
  w.brand_id,
  CASE WHEN o.coupon_id IS NOT NULL AND w.weight_ratio >= 0.55 THEN o.actor_id ELSE w.brand_id END AS gains_id,
  CASE WHEN o.coupon_id IS NOT NULL AND w.weight_ratio >= 0.55 THEN w.brand_id END AS harmed_id,
  n.instrument,
  o.ship_to,
  o.total_minor,
  coalesce(w.pieces, 0)                                                                         AS pieces,
  round(cast(w.unit_price_minor AS DOUBLE) / nullif(n.usual_price, 0), 6)                       AS price_ratio,
  cast(o.discount_minor AS DOUBLE) / nullif(o.total_minor + o.discount_minor, 0)                AS discount_share,
  o.coupon_id IS NOT NULL                                                                       AS coupon_used,
  a.claim_seconds,
  coalesce(a.views_before, 0)                                                                   AS views_before,
  a.first_view_seconds,
  a.last_view_seconds,
  coalesce(a.other_products_1d, 0)                                                              AS other_products_1d,
  coalesce(a.other_brands_1d, 0)                                                                AS other_brands_1d,
  coalesce(a.came_by_note, 1 = 0)                                                               AS came_by_note,
  coalesce(a.carts_before, 0)                                                                   AS carts_before,
  coalesce(a.reads_1h, 0)                                                                       AS reads_1h,
  coalesce(a.searches_1h, 0)                                                                    AS searches_1h,
  b.account_age_days,
  b.profile_gaps,
  coalesce(b.active_days_28d, 0)                                                                AS active_days_28d,
  coalesce(b.acts_28d, 0)                                                                       AS acts_28d,
  coalesce(b.buyer_orders_28d, 1)                                                               AS buyer_orders_28d,
  coalesce(b.buyer_shop_orders, 1)                                                              AS buyer_shop_orders,
  coalesce(b.buyer_product_orders, 1)                                                           AS buyer_product_orders,
  cast(b.buyer_shop_orders AS DOUBLE) / nullif(b.buyer_orders, 0)                               AS shop_share,
  coalesce(s.ship_to_buyers, 0)                                                                 AS ship_to_buyers,
  coalesce(s.instrument_buyers, 0)                                                              AS instrument_buyers,
  coalesce(s.device_buyers, 0)                                                                  AS device_buyers,
  coalesce(s.address_buyers, 0)                                                                 AS address_buyers,
  coalesce(s.shop_ship_to_buyers, 0)                                                            AS shop_ship_to_buyers,
  coalesce(s.shop_instrument_buyers, 0)                                                         AS shop_instrument_buyers,
  coalesce(s.shop_device_buyers, 0)                                                             AS shop_device_buyers,
  coalesce(s.shop_address_buyers, 0)                                                            AS shop_address_buyers,
  w.weight_grams,
  w.weight_ratio,
  w.ship_seconds,
  w.travel_seconds,
  coalesce(w.scans, 0)                                                                          AS scans,
  coalesce(w.places, 0)                                                                         AS places,
  n.cancelled = 1                                                                               AS is_cancelled,
  coalesce(cast(m.refunded_minor AS DOUBLE) / nullif(o.total_minor, 0), 0)                      AS refunded_share,
  date_diff('day', o.event_date, m.refunded_on)                                                 AS refund_days,
  coalesce(m.returned, 0) = 1                                                                   AS is_returned,
  r.stars                                                                                       AS review_stars,
  r.days                                                                                        AS review_days,
  r.house_share                                                                                 AS review_house_share,
  r.letters                                                                                     AS review_letters,
  n.shop_orders_1h,
  n.buyer_shop_orders_1h,
  n.shop_orders_28d,
  n.shop_light_28d,
  coalesce(n.shop_light_before, 0)                                                              AS shop_light_before,
  cast(n.shop_light_28d AS DOUBLE) / nullif(n.shop_weighed_28d, 0)                              AS shop_light_share,
  n.shop_housed_28d,
  n.buyer_housed_28d,
  n.product_orders_28d,
  n.product_light_28d,
  cast(n.product_light_28d AS DOUBLE) / nullif(n.product_orders_28d, 0)                         AS product_light_share,
  n.shop_shared_28d,
  CASE WHEN n.instrument IS NOT NULL THEN n.card_orders_28d ELSE 0 END                          AS card_orders_28d,
  CASE WHEN n.instrument IS NOT NULL THEN cast(n.card_cancelled AS DOUBLE) / nullif(n.card_orders_28d, 0) END AS card_cancelled_share,
  CASE WHEN n.instrument IS NOT NULL THEN cast(n.card_pieces AS DOUBLE) / nullif(n.card_orders_28d, 0) END AS card_pieces,
  CASE WHEN n.instrument IS NOT NULL THEN cast(n.card_praised AS DOUBLE) / nullif(n.card_orders_28d, 0) END AS card_reviewed_share,
  CASE WHEN o.ship_to IS NOT NULL THEN n.door_orders_28d ELSE 0 END                             AS door_orders_28d
FROM placed AS o
JOIN surrounded AS n ON n.order_id = o.order_id AND n.event_date = o.event_date
LEFT JOIN praise AS r ON r.order_id = o.order_id AND r.event_date = o.event_date
LEFT JOIN features.order_parcels AS w ON w.order_id = o.order_id AND w.event_date = o.event_date
LEFT JOIN features.order_sharing AS s ON s.order_id = o.order_id AND s.event_date = o.event_date
LEFT JOIN features.order_approach AS a ON a.order_id = o.order_id AND a.event_date = o.event_date
LEFT JOIN features.buyer_history AS b ON b.order_id = o.order_id AND b.event_date = o.event_date
LEFT JOIN money_back AS m ON m.order_id = o.order_id AND m.event_date = o.event_date
WHERE o.event_date BETWEEN $from_date AND $to_date
