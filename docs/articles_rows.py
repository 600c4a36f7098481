"""The rows of `articles.py`: what an article says, the command that yields it, and the article's own value."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Row:
    """`command` is what follows `tapewatch`; its JSON is read at `paths`, which should meet `numbers`.

    A row of `check` needs neither: the answer has its figures and its verdict. `stated` is the article's own value.
    """

    says: str
    command: str
    paths: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    stated: str = ""
    article: str = ""


def claim(says: str, words: str, stated: str = "") -> Row:
    """A row the claim check answers."""
    return Row(says, f'check "{words}"', stated=stated)


def shown(says: str, command: str, *paths: str, numbers: str = "", stated: str = "") -> Row:
    """A row whose values stand in a command's JSON; `numbers` are the article's, in the order of the paths."""
    return Row(says, command, paths, tuple(numbers.split()), stated)


def as_of(day: str) -> str:
    """The panes at the end of a day."""
    return f"snapshot --as-of {day}"


RUT = "instruments[short=RUT]"
FRIDAY, AUGUST, NOVEMBER, JANUARY = "2025-10-17", "2025-08-08", "2024-11-29", "2026-01-09"

ARTICLE_000 = (
    claim("new record 2,541.67 on Wednesday", "RUT made an intraday record of 2,541.67 on 2025-10-15", "2,541.67"),
    claim("(not said) Tuesday's high was a record too", "RUT made an intraday record on 2025-10-14"),
    shown("the record, on the pane", as_of(FRIDAY), f"{RUT}.record.intraday.price", f"{RUT}.record.intraday.date",
          numbers="2541.67 2025-10-15"),
    shown("record-high reversal as a flag", as_of(FRIDAY), "flags[rule=record-reversal].measures.fall", numbers="3.5"),
    claim("3.5 % reversal", "RUT closed 3.5 % below its intraday record on 2025-10-17", "3.5 %"),
    claim("nearly 90 points lower", "RUT closed nearly 90 points below its intraday record on 2025-10-17", "90"),
    claim("in just two sessions", "RUT closed two sessions after its intraday record on 2025-10-17", "2"),
    claim("closes the week with 1.2 % gain", "RUT closed the week of 2025-10-13 with a 1.2 % gain", "+1.2 %"),
    shown("(not said) the week, standard", as_of(FRIDAY), f"{RUT}.week.change_percent",
          f"{RUT}.week.open_to_close_percent",
          f"{RUT}.week.first_close_to_close_percent"),
    claim("(not said) half of it was the opening gap", "RUT opened 1.19 % higher in the week of 2025-10-13"),
    claim("Thursday 71-point range", "RUT traded in a 71-point range on 2025-10-16", "71"),
    claim("Thursday closing near its low", "RUT closed near its low on 2025-10-16"),
    claim("Thursday opening near its peak", "RUT opened near its record on 2025-10-16"),
    claim("Friday -0.60 %", "RUT fell 0.60 % on 2025-10-17", "-0.60 %"),
    claim("Friday closing near its session low 2,433.19", "RUT closed near its session low 2,433.19 on 2025-10-17",
          "2,433.19"),
    claim("S&P and DJIA over 0.50 %", "SPX and DJIA rose over 0.50 % on 2025-10-17", "> 0.50 %"),
    shown("same-day divergence as a flag", as_of(FRIDAY), "flags[rule=same-day-direction].measures.spread",
          "flags[rule=same-day-direction].percentile", "flags[rule=same-day-direction].state"),
    claim("wiping out the week's prior gains", "RUT wiped out the week's prior gains by 2025-10-16"),
    shown("support zone 2,417-2,433", as_of(FRIDAY), f"{RUT}.week.low", f"{RUT}.quote.low", numbers="2417.74 2433.19"),
    shown("2,400 and 2,500", as_of(FRIDAY), f"{RUT}.levels[holds=2400].distance_percent",
          f"{RUT}.levels[holds=2500].distance_percent", numbers="-2.13 1.95"),
    claim("break below confirms", "RUT broke below 2,417.74 in the week of 2025-10-20"),
    claim("reclaim 2,500", "RUT broke above 2,500 in the week of 2025-10-20"),
    claim("leading indicator, risk-off: it lagged", "RUT lagged SPX in the week of 2025-10-13"),
    claim("(not said) it led", "RUT led SPX by 0.70 pp in the week of 2025-10-13"),
    shown("relative strength", as_of(FRIDAY), "confirmation[key=ratio:^RUT/^GSPC].change20",
          "confirmation[key=ratio:^RUT/^GSPC].percentile"),
    shown("the recap of any index", "recap --week 2025-10-17", "parts[0].heading.text", "by_index[0].change_percent"),
    claim("the Dow turbulent", "DJIA was turbulent in the week of 2025-10-13"),
    claim("the S&P volatile", "SPX was volatile in the week of 2025-10-13"),
    claim("the Nasdaq wild", "COMP and NDX were wild in the week of 2025-10-13"),
    claim("(not said) the Russell's own range", "RUT was wild in the week of 2025-10-13"),
)  # fmt: skip

ARTICLE_001 = (
    claim("weekly gain +0.28 %", "RUT rose 0.28 % in the week of 2025-08-04", "+0.28 %"),
    claim("(not said) the week, standard", "RUT rose 2.38 % in the week of 2025-08-04"),
    claim("Friday +0.17 %", "RUT rose 0.17 % on 2025-08-08", "+0.17 %"),
    claim("S&P +0.78 %", "SPX rose 0.78 % on 2025-08-08", "+0.78 %"),
    claim("Nasdaq +0.98 %", "Nasdaq rose 0.98 % on 2025-08-08", "+0.98 %"),
    claim("lagged the S&P", "RUT lagged SPX in the week of 2025-08-04"),
    claim("lagged the Nasdaq", "RUT lagged COMP in the week of 2025-08-04"),
    claim("weekly high on Tuesday, closing at 2,225.67", "RUT made its weekly high on 2025-08-05", "2,225.67"),
    claim("gave back all of Tuesday's gains", "RUT gave back all of its gain of 2025-08-05 by 2025-08-07", "100 %"),
    claim("52-week range 1,732.99-2,466.49", "the 52-week range of RUT was 1,732.99-2,466.49 on 2025-08-08",
          "1,732.99-2,466.49"),
    claim("well within its range", "RUT was well within its 52-week range on 2025-08-08"),
    claim("significant ground to cover", "RUT was 10.06 % below its 52-week high on 2025-08-08"),
    shown("to recover", as_of(AUGUST), f"{RUT}.record.intraday.to_recover_percent", f"{RUT}.record.phase"),
    claim("resistance 2,230-2,250 had just been tried", "RUT reached 2,243 in the week of 2025-08-04"),
    claim("resistance 2,230 held", "RUT failed at 2,230 in the week of 2025-08-04"),
    shown("breadth, narrow rally, mega-caps", as_of(AUGUST), "confirmation[key=breadth:above_sma50].value"),
    claim("choppy week", "RUT was choppy in the week of 2025-08-04"),
    shown("near-standstill", as_of(AUGUST), f"{RUT}.week.efficiency_percent"),
    claim("the S&P flirting with its high", "SPX was within 1 % of its intraday record on 2025-08-08"),
    claim("the Nasdaq flirting with its high", "COMP was within 1 % of its intraday record on 2025-08-08"),
    claim("the Dow flirting with its high", "DJIA was within 1 % of its intraday record on 2025-08-08"),
    claim("Hang Seng fails at 25,000", "HSI failed at 25,000 in the week of 2025-08-04", "25,000"),
    claim("a tepid gain", "HSI rose 1.43 % in the week of 2025-08-04"),
    claim("ASX new 52-week high, then pullback", "ASX made a new 52-week high in the week of 2025-08-04"),
)  # fmt: skip

ARTICLE_002 = (
    claim("record 2,458 on 5 Nov 2021", "the intraday record of RUT was 2,458 on 2021-11-05 as of 2024-11-22", "2,458"),
    claim("(not said) its value and day", "the intraday record of RUT was 2,458.86 on 2021-11-08 as of 2024-11-22"),
    claim("retested on 25 Nov 2024", "RUT retested its record on 2024-11-25"),
    claim("(not said) broken or missed, by the basis", "RUT made a record on 2024-11-25"),
    claim("no new record in 3 years", "RUT has not made a record in three years as of 2024-11-29", "3 years"),
    claim("the other indices had one", "SPX, NDX and DJIA made a record in 2024"),
    shown("sessions and days since the record close", as_of(NOVEMBER), f"{RUT}.record.close.sessions_since",
          f"{RUT}.record.close.days_since", f"{RUT}.record.intraday.sessions_since"),
    claim("November: RUT 10.8", "RUT rose 10.8 % in November 2024", "10.8"),
    claim("November: S&P 5.7", "SPX rose 5.7 % in November 2024", "5.7"),
    claim("November: NDX 5.2", "NDX rose 5.2 % in November 2024", "5.2"),
    claim("November: DJIA 7.5", "DJIA rose 7.5 % in November 2024", "7.5"),
    claim("almost double", "the return of RUT was almost double that of SPX and NDX in November 2024", "2"),
    shown("ratio charts", as_of(NOVEMBER), "confirmation[key=ratio:^NDX/^GSPC].value",
          "confirmation[key=ratio:^RUT/^GSPC].position_percent"),
    claim("outperforming since Q3 2024", "RUT outperformed SPX since Q3 2024 as of 2024-11-29"),
    claim("50- and 200-day averages slope up", "the 50- and 200-day averages of RUT slope up on 2024-11-29"),
    shown("the same, on the pane", as_of(NOVEMBER), f"{RUT}.momentum.sma50", f"{RUT}.momentum.sma200",
          f"{RUT}.momentum.sma50_slope_percent", numbers="2277.07 2131.96 3.43"),
    claim("support 2,288", "RUT closed above 2,288 on 2024-11-29"),
    claim("resistance 2,450", "RUT reached 2,450 in the week of 2024-11-25"),
    claim("dollar, tariffs", "RUT rose because of tariffs"),
    claim("80 % domestic, 57 % foreign revenue", "57 % of the revenue of SPX is foreign"),
)  # fmt: skip

ARTICLE_003 = (
    claim("closed above 2,565 as of mid-December", "RUT closed above 2,565 as of 2025-12-15", "2,565"),
    claim("(not said) its closes above it in January", "RUT closed above 2,565 since 2025-12-31 as of 2026-01-12"),
    claim("level not seen since its 2021 peak", "RUT had not seen 2,565 since its 2021 peak as of 2025-12-01"),
    claim("RSI ~63", "the RSI of RUT is about 63 on 2026-01-08", "63"),
    claim("(not said) RSI at publication", "the RSI of RUT is 63 on 2026-01-09", "63"),
    shown("RSI, on the pane", as_of("2026-01-08"), f"{RUT}.momentum.rsi14", f"{RUT}.momentum.as_of",
          numbers="63 2026-01-08"),
    claim("MACD bullish crossover", "the MACD of RUT crossed up on 2026-01-07"),
    claim("above the 50-day average", "RUT closed above its 50-day average on 2026-01-09"),
    claim("December swing high tested", "RUT reached 2,595.98 in the week of 2026-01-05"),
    claim("(not said) and broken", "RUT closed above 2,595.98 on 2026-01-09"),
    shown("targets 2,600-3,000", as_of(JANUARY), f"{RUT}.levels[holds=2700].distance_percent"),
    shown("pullback of 10-20 %", as_of("2025-12-31"), f"{RUT}.levels[sources=correction line].price",
          f"{RUT}.levels[sources=bear line].price"),
    claim("1991: RUT 43.68", "RUT rose 43.68 % in 1991", "43.68"),
    claim("1991: S&P 30.47", "SPX rose 30.47 % in 1991", "30.47"),
    claim("2003: RUT 47.58", "RUT rose 47.58 % in 2003", "47.58"),
    claim("2003: S&P 31", "SPX rose 31 % in 2003", "31"),
    claim("2024: S&P ahead by 13.3, widest since 1998", "SPX was ahead of RUT by 13.3 in 2024, widest since 1998",
          "13.3"),
    claim("Mar 2020-Mar 2021: ahead 44.4 %", "RUT was ahead of SPX by 44.4 pp from March 2020 to March 2021", "44.4"),
    claim("the same by explicit dates", "RUT was ahead of SPX by 44.1 pp between 2020-03-19 and 2021-03-23"),
    claim("Aug 2024: both gained ~33 %", "RUT and SPX rose about 33 % in August 2024", "33 %"),
    claim("1994-99: +94.5 %", "RUT rose 94.5 % from 1994 to 1999", "94.5 %"),
    claim("smallest 2,000 in the S&P Composite 1500", "the smallest 2,000 companies in the S&P Composite 1500"),
    shown("index, future, fund", as_of(JANUARY), f"{RUT}.kind", "instruments[short=IWM].kind",
          "instruments[short=RTY].kind"),
    shown("concentration", as_of(JANUARY), "confirmation[key=concentration:SPY-RSP].value"),
    shown("higher yields would hurt", as_of(JANUARY), "confirmation[key=yield:^TNX].value",
          "confirmation[key=yield:^TNX].measures.to_threshold_bp"),
    claim("S&P 10.48 % a year over the last century", "SPX returned 10.48 % a year since 1927-12-30", "10.48 %"),
    claim("the Russell's higher volatility", "RUT is more volatile than SPX since 1987-09-10"),
    claim("five-year consolidation range", "RUT went five years without a record close until 2025-09-18", "5 years"),
    shown("small-cap leadership precedes a strong S&P",
          "study relative-strength-turn --watched RUT --against SPX --outcome reference", "days", "horizons.20.median"),
)  # fmt: skip

ARTICLE_004 = (
    claim("previous peak Nov 2021, near 2,442", "the record close of RUT was near 2,442 as of 2025-09-17", "2,442"),
    claim("not just a tiny nudge", "RUT closed 1.02 % above its old record close on 2025-09-18"),
    claim("years in the desert", "RUT went 1410 days without a record close until 2025-09-18"),
    claim("2,440-2,450: old ceiling becomes floor", "RUT held above 2,442.74 on closes in September 2025"),
    claim("(not said) its first failure", "RUT broke below 2,442.74 on closes on 2025-09-24"),
    shown("the trail of the old record", as_of("2025-12-31"), f"{RUT}.levels[sources=old record].state"),
    shown("IWM as a proxy", as_of(JANUARY), "confirmation[key=tracking:IWM/^RUT].value",
          "confirmation[key=tracking:IWM/^RUT].measures.difference"),
    shown("VTWO as a proxy", as_of(JANUARY), "confirmation[key=tracking:VTWO/^RUT].value"),
    shown("KRE as confirmation", as_of(JANUARY), "confirmation[key=ratio:KRE/IWM].measures.from_sma50_percent",
          "confirmation[key=level:KRE].measures.record_distance_percent"),
    shown("10-year yield near 5 %", as_of(JANUARY), "confirmation[key=yield:^TNX].value", numbers="5.0"),
    shown("breadth, rotation", as_of(JANUARY), "confirmation[key=breadth:above_sma50].value"),
    claim("often outperforms in the long run", "RUT outperformed SPX since 1987-09-10"),
    shown("if KRE stays strong the record holds", "study failed-breakout --watched RUT --given 'KRE above sma50'",
          "days", "conclusion"),
    claim("record inflows into IWM", "record inflows into IWM"),
    claim("valuation", "small caps are cheap on valuation"),
)  # fmt: skip

ARTICLES = {"000": ARTICLE_000, "001": ARTICLE_001, "002": ARTICLE_002, "003": ARTICLE_003, "004": ARTICLE_004}
ROWS = tuple(replace(row, article=number) for number, rows in ARTICLES.items() for row in rows)
