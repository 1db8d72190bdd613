/*
grain: one row per address block of hosted machines and day on which anybody came from it
partition: event_date
owner: trust-and-safety
freshness: 26h
columns:
  address_block: the block, as in silver.identity_days
  event_date: reporting-local day [day]
  operator: who rents the machines out
expect:
  - unique: [address_block, event_date]
  - not_null: [address_block, event_date, operator]
notes: >
  Operators publish their networks; a network is written here by its first and last /24, each as a number of three bytes.
  198.18.0.0/15 stands for hosted machines: RFC 2544 keeps it free of people, and the town's three operators lie in it
  (platform_core/simulation/words/vocabulary/networks.yaml). Whoever runs Meadow elsewhere puts other networks here.
*/
WITH networks AS (
  SELECT operator, first_block, last_block
  FROM (
    VALUES
      ('云栈机房', 198 * 65536 + 18 * 256, 198 * 65536 + 18 * 256 + 63),
      ('极点云', 198 * 65536 + 18 * 256 + 64, 198 * 65536 + 18 * 256 + 127),
      ('海港托管', 198 * 65536 + 19 * 256, 198 * 65536 + 19 * 256 + 63)
  ) AS published(operator, first_block, last_block)
),
blocks AS (
  SELECT address_block, event_date
  FROM silver.identity_days
  WHERE event_date BETWEEN $from_date AND $to_date
  UNION
  SELECT address_block, event_date
  FROM silver.ad_clicks
  WHERE event_date BETWEEN $from_date AND $to_date
),
numbered AS (
  SELECT
    address_block, event_date,
    try_cast(split(address_block, '.')[1] AS BIGINT) * 65536
      + try_cast(split(address_block, '.')[2] AS BIGINT) * 256
      + try_cast(split(address_block, '.')[3] AS BIGINT) AS number
  FROM blocks
  WHERE address_block LIKE '%.%.%'
)
SELECT b.address_block, b.event_date, n.operator
FROM numbered AS b
JOIN networks AS n ON b.number BETWEEN n.first_block AND n.last_block
