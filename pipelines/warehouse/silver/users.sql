/*
grain: one row per user, the latest state by event time
owner: community
freshness: 26h
columns:
  user_id: the user
  changed_at: when this state began [UTC]
  status: active or suspended
  registered_on: day of sign-up [day]
  city: where the user says to live, if told
  city_tier: 1 is the largest cities [number]
  gender: female, male or unknown
  birth_year: as the user says, if told [number]
  has_avatar: the profile has a picture [flag]
  has_bio: the profile has words [flag]
  interests: topics chosen at sign-up [list]
expect:
  - unique: [user_id]
  - not_null: [user_id, changed_at, status, registered_on]
*/
SELECT
  user_id, changed_at, status, registered_on, city, city_tier, gender, birth_year, has_avatar, has_bio, interests
FROM silver.user_states
QUALIFY row_number() OVER (PARTITION BY user_id ORDER BY event_date DESC) = 1
