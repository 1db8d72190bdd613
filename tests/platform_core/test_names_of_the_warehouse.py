"""The platform can say what the warehouse calls somebody."""

from pipelines.defs.house import House
from platform_core.keys import key
from platform_core.pseudonyms import namespace_key, pseudonym
from tests.events import land, viewed
from tests.ingest.reading import rows


def test_the_platform_computes_the_name_that_ingest_gives(meadow: House) -> None:
    land(meadow.settings.landing, viewed("v1", "2026-08-30T10:00:00Z", actor="zoë/1"))
    meadow.ingest().all_sources()
    ((found,),) = (row.values() for row in rows(meadow, "SELECT actor_id FROM bronze.events"))
    keyed = namespace_key(key(meadow.platform, "pseudonym"), "person")
    assert pseudonym("zoë/1", keyed) == found
