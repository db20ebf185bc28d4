"""What the templates make of a value."""

from mobilise import templating


def test_an_address_may_break_where_one_reads_on_and_stays_itself() -> None:
    said = templating.address("suzie.overweg@post.brievenbus.example")
    assert said == "suzie.overweg@<wbr>post<wbr>.brievenbus<wbr>.example"
    assert said.replace("<wbr>", "") == "suzie.overweg@post.brievenbus.example"


def test_an_address_is_escaped() -> None:
    assert templating.address('"<b>"@post.example').startswith("&#34;&lt;b&gt;&#34;@<wbr>")
