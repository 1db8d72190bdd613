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
  The networks are those of models/rules/lists/datacentre_ranges.yaml, each as an operator, the first two groups of its
  blocks, and the first and last third group. Groups are padded, so that text compares as numbers do. A block in networks
  of several operators belongs to the first by name.
*/
WITH networks AS (
  SELECT string_split(written, ',') AS parts
  FROM (SELECT unnest(string_split($datacentre_blocks, '|')) AS written) AS listed
),
seen AS (
  SELECT address_block, event_date
  FROM silver.identity_days
  WHERE event_date BETWEEN $from_date AND $to_date AND address_block IS NOT NULL
  UNION
  SELECT address_block, event_date
  FROM silver.ad_clicks
  WHERE event_date BETWEEN $from_date AND $to_date AND address_block IS NOT NULL
),
grouped AS (
  SELECT address_block, string_split(replace(lower(address_block), ':', '.'), '.') AS groups
  FROM (SELECT DISTINCT address_block FROM seen) AS blocks
),
placed AS (
  SELECT
    address_block,
    CASE
      WHEN contains(address_block, ':') THEN concat(lpad(groups[1], 4, '0'), ':', lpad(groups[2], 4, '0'))
      ELSE concat(groups[1], '.', groups[2])
    END                                                                             AS head,
    lpad(groups[3], CASE WHEN contains(address_block, ':') THEN 4 ELSE 3 END, '0')  AS third
  FROM grouped
),
hosted AS (
  SELECT p.address_block, min(n.parts[1]) AS operator
  FROM placed AS p
  JOIN networks AS n ON n.parts[2] = p.head AND p.third BETWEEN n.parts[3] AND n.parts[4]
  GROUP BY p.address_block
)
SELECT s.address_block, s.event_date, h.operator
FROM seen AS s
JOIN hosted AS h ON h.address_block = s.address_block
