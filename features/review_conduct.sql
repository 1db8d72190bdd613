/*
grain: one row per review, as known 14 days after it
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback:
  silver.reviews: 60
  silver.order_lines: 28
  silver.refunds: 28
  features.post_briefs: 60
  features.reviewer_history: 35
  features.order_conduct: 45
lookahead:
  silver.reviews: 14
  features.post_briefs: 14
  features.reviewer_history: 14
columns:
  review_id: the review, as source:id
  event_date: reporting-local day on which it was posted [day]
  occurred_at: when it was posted [UTC]
  actor_id: who reviewed
  product_id: the product
  brand_id: the product's brand, "(unknown)" if none
  side: for with four or five stars, against with one or two, else neutral
  gains_id: who gains if it is not honest; the brand that it praises, empty otherwise
  harmed_id: who loses if it is not honest; the brand that it is against, empty otherwise
  stars: from 1 to 5 [number]
  is_verified: the person bought and received it here [flag]
  account_age_days: since the reviewer's sign-up, empty if the source does not say [number]
  profile_gaps: picture and words that the reviewer's profile lacks [count]
  active_days_28d: days with an act in the 28 days before [count]
  acts_28d: acts on these days [count]
  views_before: times that the reviewer opened the product in the 7 days before [count]
  last_view_seconds: from the last of these to the review, empty without one [seconds]
  other_products_1d: other products that the reviewer looked at in the 24 hours before [count]
  other_brands_1d: other brands that the reviewer looked at in the 24 hours before [count]
  bought_product_60d: orders of the product by the reviewer in the 60 days before [count]
  bought_brand_60d: orders of the brand by the reviewer in the 60 days before [count]
  reviews_42d: reviews by the same person, from 28 days before to 14 days after [count]
  brand_reviews_42d: of these, reviews of the brand [count]
  brand_share: brand_reviews_42d over reviews_42d [share]
  extreme_share: share of these with one or five stars [share]
  same_day_reviews: reviews by the same person on the day [count]
  device_reviewers: the most reviewers of the brand and side on one of the author's devices [count]
  address_reviewers: the most reviewers of the brand and side behind one of the author's addresses [count]
  block_reviewers: the same behind one of their address blocks [count]
  letters: letters of the text without names [count]
  house_share: share of the text that is said under this brand only [share]
  twin_accounts: other accounts with near-duplicates in the 30 days before, see features.review_twins [count]
  exact_twins: near-duplicates of these with the same letters and digits [count]
  prior_reviews: reviews of the product in the 60 days before the day [count]
  prior_mean: their stars, on average, empty without one [score]
  deviation: stars minus prior_mean [score]
  product_reviews_15d: reviews of the product and side in the 7 days before and after [count]
  brand_reviews_15d: reviews of the brand and side in the 7 days before and after [count]
  brand_reviews_before: reviews of the brand and side in the four weeks before these [count]
  brand_burst: brand_reviews_15d over what these weeks would have given in 15 days, one more on both sides [score]
  unbought_15d: of brand_reviews_15d, those whose authors bought nothing of the brand in 60 days [count]
  unbought_before: the same of brand_reviews_before [count]
  unbought_burst: unbought_15d over what the weeks before would have given, one more on both sides [score]
  unbought_authors_share: unbought_15d over brand_reviews_15d [share]
  unbought_active_days: active days in 28 of the authors of unbought_15d, on average; empty without any [score]
  unseen_15d: of unbought_15d, those whose authors had not opened the product in 7 days either [count]
  peers: reviews of brand and side with much of the house's words, 14 days before and after, this one among them [count]
  peers_share: peers over all reviews of brand and side in these days [share]
  own_peers: of peers, those by the same author [count]
  peers_bought_share: share of peers whose authors bought of the brand [share]
  peers_stars: stars of the peers, on average [score]
  peers_age_days: age of the peers' accounts, on average [score]
  peers_active_days: active days of the peers' authors, on average [score]
  buyers_verified_mean: stars of the product's verified reviews in the 14 days before and after, without this one [score]
  buyers_refunded_share: share of the product's orders of the 28 days before that were refunded within 14 days [share]
  buyers_orders_28d: the product's orders of these days [count]
  order_weight_ratio: weight of its order's parcel over the usual weight, empty without such an order in 45 days [score]
  order_shop_light_28d: light parcels that the shop sent in the days around that order [count]
  order_card_buyers: buyers of the shop who paid with what paid for that order [count]
  order_door_buyers: buyers of the shop who had parcels sent where that order went [count]
  order_device_buyers: buyers of the shop on one of that buyer's devices [count]
  order_buyer_orders: the author's orders at the shop in the days around that order [count]
  order_card_cancelled_share: share of the shop's orders paid so that were cancelled [share]
expect:
  - unique: [review_id, event_date]
  - not_null: [review_id, event_date, occurred_at, side, stars, is_verified, house_share, prior_reviews, peers]
  - in_set: {column: side, values: [for, neutral, against]}
  - between: {column: house_share, min: 0, max: 1}
notes: >
  What detectors see of a review. Nothing later than 14 days after a review is known of it. Peers are reviews with a
  house_share from 0.3 to 0.7, see features.post_briefs: a brief worded anew; what has more is a copy. A brand that is praised by false reviews may have bought
  them, or a rival may have: that is for the scorecard to say; harmed_id is never to be scored.
*/
WITH posted AS (
  SELECT
    r.review_id, r.event_date, r.occurred_at, r.actor_id, r.product_id, r.stars, r.is_verified, r.order_id,
    coalesce(w.brand_id, '(unknown)')                                                         AS brand_id,
    coalesce(w.letters, 0)                                                                    AS letters,
    coalesce(w.house_share, 0)                                                                AS house_share,
    CASE WHEN r.stars >= 4 THEN 'for' WHEN r.stars <= 2 THEN 'against' ELSE 'neutral' END     AS side,
    h.account_age_days, h.profile_gaps, h.active_days_28d, h.acts_28d, h.views_before, h.last_view_seconds,
    h.other_products_1d, h.other_brands_1d, h.bought_product_60d, h.bought_brand_60d, h.reviews_42d, h.brand_reviews_42d,
    h.brand_share, h.extreme_share, h.same_day_reviews,
    CASE WHEN coalesce(h.bought_brand_60d, 0) = 0 AND NOT r.is_verified THEN 1 ELSE 0 END     AS unbought,
    CASE WHEN w.house_share BETWEEN 0.3 AND 0.7 THEN 1 ELSE 0 END                             AS housed,
    date_diff('day', DATE '1970-01-01', r.event_date)                                         AS day
  FROM silver.reviews AS r
  LEFT JOIN features.post_briefs AS w
    ON w.post_kind = 'review' AND w.post_id = r.review_id AND w.event_date = r.event_date
    AND w.event_date BETWEEN $from_date - 60 AND $to_date + 14
  LEFT JOIN features.reviewer_history AS h
    ON h.review_id = r.review_id AND h.event_date = r.event_date
    AND h.event_date BETWEEN $from_date - 35 AND $to_date + 14
  WHERE r.event_date BETWEEN $from_date - 60 AND $to_date + 14
),
surrounded AS (
  SELECT
    review_id, event_date, occurred_at, actor_id, product_id, stars, is_verified, order_id, brand_id, letters, house_share, side,
    account_age_days, profile_gaps, active_days_28d, acts_28d, views_before, last_view_seconds, other_products_1d,
    other_brands_1d, bought_product_60d, bought_brand_60d, reviews_42d, brand_reviews_42d, brand_share, extreme_share,
    same_day_reviews, unbought, housed,
    count(*) OVER of_product_before                                 AS prior_reviews,
    sum(stars) OVER of_product_before                               AS prior_stars,
    count(*) OVER of_product_side                                   AS product_reviews_15d,
    count(*) OVER of_side                                           AS brand_reviews_15d,
    count(*) OVER of_side_before                                    AS brand_reviews_before,
    sum(unbought) OVER of_side                                      AS unbought_15d,
    sum(unbought) OVER of_side_before                               AS unbought_before,
    sum(unbought * coalesce(active_days_28d, 0)) OVER of_side       AS unbought_days,
    sum(CASE WHEN unbought = 1 AND coalesce(views_before, 0) = 0 THEN 1 ELSE 0 END) OVER of_side AS unseen_15d,
    sum(housed) OVER peers                                          AS peers,
    count(*) OVER peers                                             AS in_all,
    sum(housed) OVER own_peers                                      AS own_peers,
    sum(housed * (1 - unbought)) OVER peers                         AS peers_bought,
    sum(housed * stars) OVER peers                                  AS peers_stars,
    sum(housed * account_age_days) OVER peers                       AS peers_age,
    sum(housed * active_days_28d) OVER peers                        AS peers_active,
    sum(CASE WHEN is_verified THEN stars ELSE 0 END) OVER of_product    AS verified_stars,
    sum(CASE WHEN is_verified THEN 1 ELSE 0 END) OVER of_product        AS verified
  FROM posted
  WINDOW
    of_product_before AS (PARTITION BY product_id ORDER BY day RANGE BETWEEN 60 PRECEDING AND 1 PRECEDING),
    of_product AS (PARTITION BY product_id ORDER BY day RANGE BETWEEN 14 PRECEDING AND 14 FOLLOWING),
    of_product_side AS (PARTITION BY product_id, side ORDER BY day RANGE BETWEEN 7 PRECEDING AND 7 FOLLOWING),
    of_side AS (PARTITION BY brand_id, side ORDER BY day RANGE BETWEEN 7 PRECEDING AND 7 FOLLOWING),
    of_side_before AS (PARTITION BY brand_id, side ORDER BY day RANGE BETWEEN 35 PRECEDING AND 8 PRECEDING),
    peers AS (PARTITION BY brand_id, side ORDER BY day RANGE BETWEEN 14 PRECEDING AND 14 FOLLOWING),
    own_peers AS (PARTITION BY brand_id, side, actor_id ORDER BY day RANGE BETWEEN 14 PRECEDING AND 14 FOLLOWING)
),
product_days AS (
  SELECT DISTINCT product_id, event_date FROM posted WHERE event_date BETWEEN $from_date AND $to_date
),
money_back AS (
  SELECT DISTINCT order_id, event_date
  FROM silver.refunds
  WHERE event_date BETWEEN $from_date - 28 AND $to_date AND refunded_on <= event_date + 14
),
order_days AS (
  SELECT l.product_id, l.event_date, count(*) AS orders, count(m.order_id) AS refunded
  FROM silver.order_lines AS l
  LEFT JOIN money_back AS m ON m.order_id = l.order_id AND m.event_date = l.event_date
  WHERE l.event_date BETWEEN $from_date - 28 AND $to_date
  GROUP BY l.product_id, l.event_date
),
buyers AS (
  SELECT d.product_id, d.event_date, sum(o.orders) AS orders, sum(o.refunded) AS refunded
  FROM product_days AS d
  JOIN order_days AS o ON o.product_id = d.product_id AND o.event_date BETWEEN d.event_date - 28 AND d.event_date
  GROUP BY d.product_id, d.event_date
),
orders AS (
  SELECT
    order_id, event_date, weight_ratio, shop_light_28d, shop_instrument_buyers, shop_ship_to_buyers, shop_device_buyers,
    buyer_shop_orders, card_cancelled_share
  FROM features.order_conduct
  WHERE event_date BETWEEN $from_date - 45 AND $to_date
)
SELECT
  r.review_id,
  r.event_date,
  r.occurred_at,
  r.actor_id,
  r.product_id,
  r.brand_id,
  r.side,
  CASE WHEN r.side = 'for' THEN r.brand_id END                                                AS gains_id,
  CASE WHEN r.side = 'against' THEN r.brand_id END                                            AS harmed_id,
  r.stars,
  r.is_verified,
  r.account_age_days,
  r.profile_gaps,
  coalesce(r.active_days_28d, 0)                                                              AS active_days_28d,
  coalesce(r.acts_28d, 0)                                                                     AS acts_28d,
  coalesce(r.views_before, 0)                                                                 AS views_before,
  r.last_view_seconds,
  coalesce(r.other_products_1d, 0)                                                            AS other_products_1d,
  coalesce(r.other_brands_1d, 0)                                                              AS other_brands_1d,
  coalesce(r.bought_product_60d, 0)                                                           AS bought_product_60d,
  coalesce(r.bought_brand_60d, 0)                                                             AS bought_brand_60d,
  coalesce(r.reviews_42d, 1)                                                                  AS reviews_42d,
  coalesce(r.brand_reviews_42d, 1)                                                            AS brand_reviews_42d,
  coalesce(r.brand_share, 1)                                                                  AS brand_share,
  coalesce(r.extreme_share, CASE WHEN r.stars IN (1, 5) THEN 1 ELSE 0 END)                    AS extreme_share,
  coalesce(r.same_day_reviews, 1)                                                             AS same_day_reviews,
  coalesce(s.device_reviewers, 0)                                                             AS device_reviewers,
  coalesce(s.address_reviewers, 0)                                                            AS address_reviewers,
  coalesce(s.block_reviewers, 0)                                                              AS block_reviewers,
  r.letters,
  r.house_share,
  coalesce(w.twin_accounts, 0)                                                                AS twin_accounts,
  coalesce(w.exact_twins, 0)                                                                  AS exact_twins,
  r.prior_reviews,
  cast(r.prior_stars AS DOUBLE) / nullif(r.prior_reviews, 0)                                  AS prior_mean,
  r.stars - cast(r.prior_stars AS DOUBLE) / nullif(r.prior_reviews, 0)                        AS deviation,
  r.product_reviews_15d,
  r.brand_reviews_15d,
  r.brand_reviews_before,
  cast(r.brand_reviews_15d + 1 AS DOUBLE) / nullif(cast(15 * r.brand_reviews_before AS DOUBLE) / 28 + 1, 0)   AS brand_burst,
  r.unbought_15d,
  coalesce(r.unbought_before, 0)                                                              AS unbought_before,
  cast(r.unbought_15d + 1 AS DOUBLE) / nullif(cast(15 * coalesce(r.unbought_before, 0) AS DOUBLE) / 28 + 1, 0) AS unbought_burst,
  cast(r.unbought_15d AS DOUBLE) / nullif(r.brand_reviews_15d, 0)                             AS unbought_authors_share,
  cast(r.unbought_days AS DOUBLE) / nullif(r.unbought_15d, 0)                                 AS unbought_active_days,
  r.unseen_15d,
  r.peers,
  cast(r.peers AS DOUBLE) / nullif(r.in_all, 0)                                          AS peers_share,
  r.own_peers,
  cast(r.peers_bought AS DOUBLE) / nullif(r.peers, 0)                                         AS peers_bought_share,
  cast(r.peers_stars AS DOUBLE) / nullif(r.peers, 0)                                          AS peers_stars,
  cast(r.peers_age AS DOUBLE) / nullif(r.peers, 0)                                            AS peers_age_days,
  cast(r.peers_active AS DOUBLE) / nullif(r.peers, 0)                                         AS peers_active_days,
  cast(r.verified_stars - CASE WHEN r.is_verified THEN r.stars ELSE 0 END AS DOUBLE)
    / nullif(r.verified - CASE WHEN r.is_verified THEN 1 ELSE 0 END, 0)                       AS buyers_verified_mean,
  cast(b.refunded AS DOUBLE) / nullif(b.orders, 0)                                            AS buyers_refunded_share,
  coalesce(b.orders, 0)                                                                       AS buyers_orders_28d,
  o.weight_ratio                                                                              AS order_weight_ratio,
  o.shop_light_28d                                                                            AS order_shop_light_28d,
  o.shop_instrument_buyers                                                                    AS order_card_buyers,
  o.shop_ship_to_buyers                                                                       AS order_door_buyers,
  o.shop_device_buyers                                                                        AS order_device_buyers,
  o.buyer_shop_orders                                                                         AS order_buyer_orders,
  o.card_cancelled_share                                                                      AS order_card_cancelled_share
FROM surrounded AS r
LEFT JOIN features.review_sharing AS s ON s.review_id = r.review_id AND s.event_date = r.event_date
LEFT JOIN features.review_twins AS w
  ON w.review_id = r.review_id AND w.event_date = r.event_date AND w.event_date BETWEEN $from_date AND $to_date
LEFT JOIN orders AS o ON o.order_id = r.order_id AND o.event_date BETWEEN r.event_date - 45 AND r.event_date
LEFT JOIN buyers AS b ON b.product_id = r.product_id AND b.event_date = r.event_date
WHERE r.event_date BETWEEN $from_date AND $to_date
QUALIFY row_number() OVER (PARTITION BY r.review_id, r.event_date ORDER BY o.event_date DESC) = 1
