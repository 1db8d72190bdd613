import pytest

from platform_core.simulation.groups.circumstances import changing
from platform_core.simulation.groups.files import Group, load
from platform_core.simulation.plan import PEOPLE_SCHEMA, Plan
from tests.simulation.literal_town import UNTIL, Settled, neighbours, settled

GROUPS = load()
BY_ID = {group.id: group for group in GROUPS}


@pytest.fixture(scope="module")
def town() -> Settled:
    return settled(GROUPS)


def people_of_day(town: Settled, group_id: str, day: int):  # type: ignore[no-untyped-def]
    of = [(r.group, r.members) for r in town.recruits]
    frame = changing(town.plan, of, town.people.frame, day)
    return frame[town.recruits_of(group_id).members]


def addresses(rows) -> set[str]:  # type: ignore[no-untyped-def]
    return set(rows["home_ip"])


def devices(rows) -> list[str]:  # type: ignore[no-untyped-def]
    return [owned[0]["device_id"] for owned in rows["devices"]]


def test_the_same_seed_enlists_the_same_people(town: Settled) -> None:
    again = settled(GROUPS)
    assert again.people.frame.equals(town.people.frame)
    assert [r.members.tolist() for r in again.recruits] == [
        r.members.tolist() for r in town.recruits
    ]


def test_nobody_belongs_to_two_groups(town: Settled) -> None:
    everybody = [person for r in town.recruits for person in r.members.tolist()]
    assert len(everybody) == len(set(everybody))


def test_people_keep_their_rows_and_new_accounts_stand_behind_them(town: Settled) -> None:
    before = neighbours(Plan(28, 400, 1, UNTIL)).frame
    after = town.people.frame
    assert after.schema == PEOPLE_SCHEMA
    assert after["person"].to_list() == list(range(after.height))
    assert after.height == len(town.people.interests)
    unmoved = ("city", "gender", "income", "household", "joins_at")
    assert after.head(400).select(unmoved).equals(before.select(unmoved))


def test_groups_grow_with_the_town_and_with_their_strength() -> None:
    pod = BY_ID["follower_farm"]
    strong = pod.model_copy(update={"strength": 4.0})
    sizes = [
        settled([group], users=users).recruits[0].members.size
        for group, users in ((pod, 100), (pod, 2000), (strong, 2000))
    ]
    assert sizes == [6, 26, 52]


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.id)
def test_new_accounts_sign_up_in_the_campaign_and_aged_ones_before_it(
    town: Settled, group: Group
) -> None:
    of = town.recruits_of(group.id)
    if group.actors.origin == "new":
        assert (of.joins_on >= of.span.first).all()
        assert (of.joins_on < of.span.end).all()
    else:
        assert (of.joins_on < of.span.first).all()


def test_accounts_that_turn_have_lived_for_weeks(town: Settled) -> None:
    of = town.recruits_of("aged_accounts_turn")
    assert (of.span.first - of.joins_on).min() >= 14


def test_hijacked_people_are_ordinary_people_whose_life_is_their_own(town: Settled) -> None:
    members = town.members("hijacked_device_clicks")
    assert members["cause"].null_count() == members.height
    assert members["person"].max() < 400  # type: ignore[operator]


def test_the_whole_life_of_a_made_account_belongs_to_its_campaign(town: Settled) -> None:
    assert set(town.members("follower_farm")["cause"]) == {"follower_farm"}


def test_made_accounts_live_less_than_ordinary_people(town: Settled) -> None:
    usual = town.people.frame.head(400)["visits_a_day"].median()
    assert town.members("coupon_farming")["visits_a_day"].median() < usual / 2  # type: ignore[operator]


def test_a_farm_shares_devices_and_resets_them_every_day(town: Settled) -> None:
    monday, tuesday = (devices(people_of_day(town, "device_farm_clicks", day)) for day in (5, 6))
    assert len(set(monday)) == -(-len(monday) // 3)
    assert not set(monday) & set(tuesday)


def test_a_farm_moves_among_the_addresses_of_carriers(town: Settled) -> None:
    today = people_of_day(town, "device_farm_clicks", 5)
    assert all(ip.startswith("100.") for ip in addresses(today))
    assert today["mobile_ips"].list.len().min() > 1  # type: ignore[operator]
    assert today["work_ip"].null_count() == today.height


def test_scripts_run_in_data_centres(town: Settled) -> None:
    rows = people_of_day(town, "datacentre_click_bots", 4)
    assert all(ip.startswith("198.1") for ip in addresses(rows))
    assert rows["mobile_ips"].list.len().max() == 0


def test_an_office_is_one_address_and_homes_stay_many(town: Settled) -> None:
    rows = people_of_day(town, "office_one_address", 0)
    assert rows["work_ip"].n_unique() == 1
    assert rows["home_ip"].n_unique() > 1


def test_a_family_shares_its_tablet(town: Settled) -> None:
    rows = town.members("family_tablet")
    assert len(set(devices(rows))) == -(-rows.height // 3)


def test_a_reinstalled_phone_gets_one_new_id_and_keeps_its_model(town: Settled) -> None:
    days = [people_of_day(town, "reinstalled_phone", day) for day in (0, 27)]
    first, last = (rows["devices"].to_list() for rows in days)
    assert not {owned[0]["device_id"] for owned in first} & {o[0]["device_id"] for o in last}
    assert [owned[0]["model"] for owned in first] == [owned[0]["model"] for owned in last]
    assert people_of_day(town, "reinstalled_phone", 26).equals(days[1])


def test_ordinary_people_act_from_where_they_are(town: Settled) -> None:
    before = neighbours(Plan(28, 400, 1, UNTIL)).frame
    of = town.recruits_of("engagement_pod").members
    kept = ("devices", "home_ip", "work_ip", "mobile_ips")
    assert before.select(kept)[of].equals(town.people.frame.select(kept)[of])


def test_only_creators_make_a_pod(town: Settled) -> None:
    assert town.members("engagement_pod")["is_creator"].all()
