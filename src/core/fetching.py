"""`tapewatch fetch`: one round of the source into the store within the stored budget."""

from collections.abc import Callable

from .book import Book
from .clock import Clock, SystemClock
from .feeding import live_source
from .importing import tell_feed
from .model.config import Config
from .paths import Paths
from .sessions import Calendars
from .sources import Span
from .store.budget import Budget
from .storing import storing
from .universe import by_rank


def fetch(
    paths: Paths,
    config: Config,
    symbols: tuple[str, ...],
    *,
    full: bool,
    say: Callable[[str], None],
    clock: Clock | None = None,
) -> int:
    """Ask for each symbol once; exit code 0, 3 where some brought nothing, 4 where all did not."""
    timer = clock or SystemClock()
    with storing(paths.database, say) as database:
        budget = Budget(database, config.feed.budget, config.feed.burst)
        source = live_source(paths, config, budget)
        book = Book(database, config.followed, Calendars())
        book.load()
        wanted = [one for one in by_rank(config.followed) if not symbols or one.symbol in symbols]
        brought = 0
        for position, one in enumerate(wanted, start=1):
            now = timer.now()
            pause = budget.paused(now)
            if pause is not None:
                say(f"the service asked for a pause until {pause.until:%H:%M:%S} UTC ({pause.why}); nothing sent")
                break
            if budget.tokens(now) < 1:
                left = len(wanted) - position + 1
                say(f"the request budget is spent; {left} symbols are left for the next round")
                break
            span: Span = "full" if full or not book.complete(one.symbol, now) else "days"
            answer = source.chart(one.symbol, span, now)
            failure = answer.failures.get(one.symbol)
            if failure is not None:
                say(f"{one.short}: {failure.cause}")
                if failure.slow_down:
                    budget.slow_down(timer.now(), failure.retry_after, failure.cause)
                continue
            budget.set_strikes(0)
            changed = book.absorb(answer, timer.now(), source.name, full=span == "full")
            last = book.histories[one.symbol].last_day
            say(f"{one.short}: {position} of {len(wanted)}, {'new bars' if changed else 'nothing new'}, to {last}")
            held = book.held_lately().get(one.symbol)
            for line in (*answer.refused, *([f"{one.short} {held}"] if held else [])):
                say(line)
            book.say(say)
            brought += 1
    tell_feed(paths)
    return 0 if brought == len(wanted) else 3 if brought else 4
