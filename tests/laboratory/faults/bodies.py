"""The service answers 200, and the body is none."""

from typing import Any

from ...fake_yahoo import lies, troubles
from ..scenario import CALM, FINE, Scenario, Spoil

UNREADABLE = "an answer that cannot be read"
PAGE = "a web page instead of data"
DEEP = b"[" * 200_000 + b"]" * 200_000


def spoiled(trouble: troubles.Trouble) -> Spoil:
    """Every answer that holds data."""
    return lambda service: (service.trouble(trouble, "chart"), service.trouble(trouble, "spark"))


def whole(name: str, trouble: troubles.Trouble, words: str, **more: Any) -> Scenario:
    """Prices and charts alike."""
    return Scenario(name, spoiled(trouble), said=(words,), error=words, **more)


def charts(name: str, trouble: troubles.Trouble, words: str = "", **more: Any) -> Scenario:
    """Charts alone: prices stay good, so the rows stay fresh; what is wrong with the charts is named."""
    usual: dict[str, Any] = {"rows": FINE, "code": 0, "most": 40, "said": (words or CALM[0],), "error": words or None}
    return Scenario(name, lambda service: service.trouble(trouble, "chart"), **(usual | more))


SCENARIOS = (
    whole("a maintenance page with 200", troubles.web_page(), PAGE, fetch=4),
    whole("a captive portal's redirect", troubles.moved("https://login.hotel.example/welcome"),
          "sent on to another page at login.hotel.example", fetch=4, quick=True),
    whole("a redirect to an address that is none", troubles.moved("http://[::bad/\x1b[2J"),
          "sent on to another page"),
    whole("an empty body", lies.body(b""), "an empty answer", fetch=4),
    whole("truncated JSON", lies.halved(), UNREADABLE, fetch=4),
    whole("JSON of the wrong types", lies.body({"chart": [1, True], "^RUT": "up", "^GSPC": [], "^IXIC": False,
                                                    "^STOXX50E": 7}), UNREADABLE),
    whole("strings for numbers", lies.stringly(), UNREADABLE),
    whole("huge integers for times", lies.stamps_of(10**30), "no data for this symbol"),
    whole("NaN and Infinity", lies.not_numbers(), UNREADABLE),
    whole("a hundred thousand brackets", lies.body(DEEP), UNREADABLE),
    whole("bytes that are no text", lies.body(b'{"chart": {"result": "\xff\xfe\x80"}, "\xc3\x28": 1}'), UNREADABLE),
    whole("an answer of 50 MB", troubles.flood(50), "an answer far too long to be one", fetch=4, quick=True),
    whole("a few kilobytes that unpack to 60 MB", troubles.bomb(60), "an answer far too long to be one"),
    charts("result: null", troubles.no_result(), "charts without data"),
    charts("quote: [{}], a closed day", troubles.empty_quote(), "charts without data"),
    charts("no timestamp", lies.no_stamps(), "charts without data"),
    charts("no currency", troubles.without("currency"), UNREADABLE),
    charts("no trading periods", troubles.without("currentTradingPeriod")),
    charts("no time zone", troubles.without("exchangeTimezoneName"), UNREADABLE),
)  # fmt: skip
