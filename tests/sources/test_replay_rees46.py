"""Rows of the shop's clickstream in, events of the contract out."""

HEADER = (
    "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\n"
)
SOFA = "17200506,2053,furniture.living_room.sofa,,543.10,519107250,566511c2"
CREAM = "44600062,2103,,shiseido,35.79,541312140,72d76fde"


def test_a_view_is_a_product_viewed_by_a_person_in_a_session(land):
    landed = land("rees46", HEADER + f"2019-10-01 00:00:07 UTC,view,{CREAM}\n")
    assert landed.of("product.viewed") == [
        {
            "specversion": "1.0",
            "id": "export:2:viewed",
            "source": "rees46",
            "type": "product.viewed",
            "time": "2019-10-01T00:00:07.000000Z",
            "dataschema": "product.viewed/1",
            "actorid": "541312140",
            "sessionid": "72d76fde",
            "data": {
                "product_id": "44600062",
                "brand_id": "shiseido",
                "price_minor": 3579,
                "currency": "USD",
            },
        }
    ]


def test_a_row_that_ends_before_its_session_is_a_view_without_one(land):
    cut = CREAM.rpartition(",")[0]
    landed = land("rees46", HEADER + f"2019-10-01 00:00:07 UTC,view,{cut}")
    assert landed.report.rejected == 0
    (view,) = landed.of("product.viewed")
    assert "sessionid" not in view


def test_a_row_that_ends_before_its_user_is_rejected(land):
    cut = CREAM.rsplit(",", 2)[0]
    landed = land("rees46", HEADER + f"2019-10-01 00:00:07 UTC,view,{cut}")
    assert landed.report.first_rejections[0].reason == "holds 7 cells where the header has 9"


def test_a_product_without_a_brand_has_no_brand_id(land):
    landed = land("rees46", HEADER + f"2019-10-01 00:00:07 UTC,view,{SOFA}\n")
    assert landed.of("brand.changed") == []
    assert [event["data"] for event in landed.of("product.viewed")] == [
        {"product_id": "17200506", "price_minor": 54310, "currency": "USD"}
    ]


def test_a_cart_row_is_one_piece_added(land):
    landed = land("rees46", HEADER + f"2019-10-01 00:00:07 UTC,cart,{CREAM}\n")
    assert [(event["id"], event["data"]["quantity"]) for event in landed.of("cart.added")] == [
        ("export:2:carted", 1)
    ]


def test_a_purchase_is_an_order_placed_and_paid_at_once(land):
    landed = land("rees46", HEADER + f"2019-10-01 00:00:07 UTC,purchase,{CREAM}\n")
    placed, paid = landed.of("order.placed")[0], landed.of("order.paid")[0]
    assert (placed["id"], paid["id"]) == ("export:2:placed", "export:2:paid")
    assert placed["time"] == paid["time"] == "2019-10-01T00:00:07.000000Z"
    assert placed["data"] == {
        "order_id": "export:2",
        "lines": [
            {
                "product_id": "44600062",
                "brand_id": "shiseido",
                "quantity": 1,
                "unit_price_minor": 3579,
            }
        ],
        "total_minor": 3579,
        "currency": "USD",
    }
    assert paid["data"] == {
        "order_id": "export:2",
        "placed_at": "2019-10-01T00:00:07.000000Z",
        "amount_minor": 3579,
        "currency": "USD",
    }


def test_brands_and_products_are_told_once_and_again_when_they_change(land):
    landed = land(
        "rees46",
        HEADER
        + "2019-10-01 00:00:01 UTC,view,7,1,beauty.face_cream,松间,10.00,u1,s1\n"
        + "2019-10-01 00:00:02 UTC,view,7,1,beauty.face_cream,松间,10.00,u2,s2\n"
        + "2019-10-01 00:00:03 UTC,view,7,1,beauty.face_cream,松间,8.50,u1,s1\n"
        + "2019-10-01 00:00:04 UTC,view,7,1,beauty.face_cream,松间,10.00,u1,s1\n",
    )
    assert [(e["id"], e["data"]) for e in landed.of("brand.changed")] == [
        ("export:2:brand", {"brand_id": "松间", "name": "松间"})
    ]
    products = landed.of("product.changed")
    assert [(e["id"], e["data"]["price_minor"]) for e in products] == [
        ("export:2:product", 1000),
        ("export:4:product", 850),
        ("export:5:product", 1000),
    ]
    assert products[0]["data"] == {
        "product_id": "7",
        "brand_id": "松间",
        "name": "face cream 7",
        "category": "beauty.face_cream",
        "price_minor": 1000,
        "currency": "USD",
    }


def test_prices_are_exact(land):
    prices = ["0", "0.01", "0.1", "1.005000", "19.99", "4.35", "1.10", "9007199254740.99"]
    rows = [f"2019-10-01 00:00:07 UTC,view,p,1,,,{price},u,s" for price in prices]
    landed = land("rees46", HEADER + "\n".join(rows))
    minor = [event["data"]["price_minor"] for event in landed.of("product.viewed")]
    assert minor == [0, 1, 10, 1999, 435, 110, 900719925474099]
    assert [rejection.line for rejection in landed.report.first_rejections] == [5]


def test_a_session_may_be_missing(land):
    landed = land("rees46", HEADER + "2019-10-01 00:00:07 UTC,view,7,1,,b,1.00,u1,\n")
    assert "sessionid" not in landed.of("product.viewed")[0]
