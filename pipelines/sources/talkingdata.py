"""The ad clicks of TalkingData AdTracking: one row a click, with the install it led to.

A campaign is the advertised app, a placement the publisher's channel. One demo brand owns all.
"""

from pipelines.sources.mapping import Event, Source, identifier, instant, one_of, readable
from platform_core.contract.events.ads import AdClicked, AdConverted
from platform_core.contract.events.state import BrandChanged

BRAND = "'talkingdata'"
TIME = "%Y-%m-%d %H:%M:%S"

SOURCE = Source(
    name="talkingdata",
    columns=(
        "ip",
        "app",
        "device",
        "os",
        "channel",
        "click_time",
        "attributed_time",
        "is_attributed",
    ),
    fields={
        "clicked_at": instant("click_time", TIME),
        "installed_at": instant("attributed_time", TIME),
    },
    checks=(
        readable("click_time", as_field="clicked_at", like="a time like 2017-11-07 09:30:38"),
        identifier("ip"),
        identifier("app"),
        identifier("device"),
        identifier("os"),
        identifier("channel"),
        one_of("is_attributed", "0", "1"),
        readable(
            "attributed_time",
            as_field="installed_at",
            like="a time like 2017-11-07 09:30:38, but is_attributed is 1",
            when="is_attributed = '1'",
        ),
    ),
    events=(
        Event(
            BrandChanged,
            suffix="brand",
            time="clicked_at",
            state_of=BRAND,
            data={"brand_id": BRAND, "name": "'TalkingData'"},
        ),
        Event(
            AdClicked,
            suffix="clicked",
            time="clicked_at",
            ip="ip",
            data={
                "campaign_id": "app",
                "brand_id": BRAND,
                "placement": "channel",
                "device_model": "device",
                "os": "os",
            },
        ),
        Event(
            AdConverted,
            suffix="converted",
            time="installed_at",
            when="is_attributed = '1'",
            data={
                "click_id": "row_id || ':clicked'",
                "clicked_at": "clicked_at",
                "campaign_id": "app",
                "brand_id": BRAND,
                "goal": "'install'",
            },
        ),
    ),
)
