"""How much of each line an extraction holds."""

from copydesk.transforms.html.claims import LONGEST
from tests.transforms.conftest import PROSE
from tests.transforms.html.test_line_features import PAGE, judge


def test_the_body_in_json_ld_counts_where_it_is_no_teaser() -> None:
    body = '<script type="application/ld+json">{"@type": "NewsArticle", "articleBody": "%s"}</script></head>'
    long = judge(PAGE.replace("</head>", body % "\\n".join(PROSE)))
    assert long["html_said"].to_list() == [0, 0, 0, 1, 1, 0, 0]
    assert judge(PAGE.replace("</head>", body % PROSE[0][:40]))["html_said"].is_null().all()


def test_script_without_spaces_is_compared_by_characters() -> None:
    text = "港口的新账簿在这个月的第一个早晨打开了，十一位船长在雨中排队签字。" * 4
    judged = judge(
        f"<html><body><article><p>{text}</p><p>{text[::-1]}</p></article><p>首页</p></body></html>"
    )
    assert judged["html_precise"].to_list()[0] == 1.0


def test_a_page_too_long_for_the_extractors_still_has_its_markup() -> None:
    judged = judge(PAGE.replace("Weather", f"<img src='data:,{'A' * LONGEST}'>Weather"))
    assert judged["html_precise"].is_null().all()
    assert judged["html_nav"].to_list() == [1, 1, 0, 0, 0, 0, 0]
