/*
grain: one row per product and day on which parcels with it alone were sent
partition: event_date
owner: trust-and-safety
freshness: 26h
lookback: {silver.shipments: 0, silver.order_lines: 14}
columns:
  product_id: the product
  event_date: reporting-local day on which the parcels were sent [day]
  parcels: parcels of one line that were sent [count]
  cubes: sum of the third powers of the weight of one piece, in units of 10 grams [score]
  fourths: sum of the fourth powers of the same [score]
expect:
  - unique: [product_id, event_date]
  - not_null: [product_id, event_date, parcels, cubes, fourths]
  - between: {column: parcels, min: 1}
notes: >
  fourths / cubes over some days is the mean weight of a piece, weighted by the cubes of the weights (a Lehmer mean):
  it stays near the full parcels even where most of a product's parcels are empty. Units are whole, so sums are exact.
*/
WITH parcels AS (
  SELECT order_id, event_date, sum(weight_grams) AS grams
  FROM silver.shipments
  WHERE step = 'shipped' AND weight_grams > 0 AND event_date BETWEEN $from_date AND $to_date
  GROUP BY order_id, event_date
),
contents AS (
  SELECT order_id, event_date, max(product_id) AS product_id, sum(quantity) AS pieces
  FROM silver.order_lines
  WHERE event_date BETWEEN $from_date - 14 AND $to_date
  GROUP BY order_id, event_date
  HAVING count(*) = 1
),
weighings AS (
  SELECT c.product_id, p.event_date, greatest(round(cast(p.grams AS DOUBLE) / nullif(10 * c.pieces, 0)), 1) AS tens
  FROM parcels AS p
  JOIN contents AS c ON c.order_id = p.order_id AND c.event_date BETWEEN p.event_date - 14 AND p.event_date
)
SELECT
  product_id,
  event_date,
  count(*)                          AS parcels,
  sum(tens * tens * tens)           AS cubes,
  sum(tens * tens * tens * tens)    AS fourths
FROM weighings
GROUP BY product_id, event_date
