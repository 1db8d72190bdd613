"""Rows of the ad-click log in, events of the contract out."""

HEADER = "ip,app,device,os,channel,click_time,attributed_time,is_attributed\n"


def test_a_click_belongs_to_its_campaign_and_placement(land):
    landed = land("talkingdata", HEADER + "87540,12,1,13,497,2017-11-07 09:30:38,,0\n")
    assert landed.of("ad.clicked") == [
        {
            "specversion": "1.0",
            "id": "export:2:clicked",
            "source": "talkingdata",
            "type": "ad.clicked",
            "time": "2017-11-07T09:30:38.000000Z",
            "dataschema": "ad.clicked/1",
            "ip": "87540",
            "data": {
                "campaign_id": "12",
                "brand_id": "talkingdata",
                "placement": "497",
                "device_model": "1",
                "os": "13",
            },
        }
    ]
    assert landed.of("ad.converted") == []


def test_an_install_points_to_its_click(land):
    row = "224120,19,0,29,213,2017-11-08 23:59:58,2017-11-09 02:22:38,1\n"
    landed = land("talkingdata", HEADER + row)
    assert landed.of("ad.converted") == [
        {
            "specversion": "1.0",
            "id": "export:2:converted",
            "source": "talkingdata",
            "type": "ad.converted",
            "time": "2017-11-09T02:22:38.000000Z",
            "dataschema": "ad.converted/1",
            "data": {
                "click_id": landed.of("ad.clicked")[0]["id"],
                "clicked_at": "2017-11-08T23:59:58.000000Z",
                "campaign_id": "19",
                "brand_id": "talkingdata",
                "goal": "install",
            },
        }
    ]


def test_one_demo_brand_owns_every_campaign(land):
    clicks = "1,12,1,13,497,2017-11-07 09:30:38,,0\n1,14,1,13,497,2017-11-07 09:30:39,,0\n"
    landed = land("talkingdata", HEADER + clicks)
    assert [(event["id"], event["data"]) for event in landed.of("brand.changed")] == [
        ("export:2:brand", {"brand_id": "talkingdata", "name": "TalkingData"})
    ]


def test_an_install_without_a_time_is_rejected_with_its_click(land):
    landed = land("talkingdata", HEADER + "1,12,1,13,497,2017-11-07 09:30:38,,1\n")
    assert landed.of("ad.clicked") == []
    assert landed.report.first_rejections[0].reason.startswith("attributed_time '' is not a time")
