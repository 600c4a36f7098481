"""What the monitor does about alerts: rings once for each that fires, and asks the feed for tests and mutes."""

import os

from .alert_words import chosen
from .commands import by_name
from .ringing import sequence
from .text import clean
from .travel import Travel

MUTED_FOR = 3600.0
"""Seconds that a key mutes an alert for."""


class Bells(Travel, inherit_bindings=False):
    """The part of the monitor that hears alerts; in a replay those of the live market go on ringing."""

    def look_for_newer(self) -> None:
        """A newer snapshot, and what is to be rung for in it."""
        super().look_for_newer()
        if self.live is not self.data:
            self.live.latest()
        self.ring()

    def ring(self) -> None:
        """Ring and show what has fired since the last look."""
        for one in self.live.rings():
            if self._driver is not None:
                self._driver.write(sequence(one, os.environ))
            self.say(f"{clean(one.alert)}: {clean(one.text)}")

    def action_alert(self, what: str) -> None:
        """Ask the feed to tell the selected alert as a test, or to mute it; muted, to tell it again."""
        name, muted = self._chosen_alert()
        if name is None:
            key = by_name(self.bound)["alerts"].key
            nowhere = f"{key} opens the alerts." if self.choices.page != "alerts" else "There is no alert here."
            self.choose(self.choices, nowhere)
        elif what == "test":
            self._ask_of_alert("alerts-test", name, None, f"Asked the feed to tell {clean(name)} as a test.")
        elif muted:
            self._ask_of_alert("alerts-mute", name, "0", f"Asked the feed to tell {clean(name)} again.")
        else:
            self._ask_of_alert(
                "alerts-mute", name, str(MUTED_FOR), f"Asked the feed to mute {clean(name)} for an hour."
            )

    def _ask_of_alert(self, kind: str, name: str, value: str | None, asked: str) -> None:
        self.choose(self.choices, self.live.ask(kind, name, value) or asked)

    def _chosen_alert(self) -> tuple[str | None, bool]:
        """The alert under the cursor and whether it is muted; None where none can be."""
        known = self.snapshot.alerts.alerts if self.snapshot is not None and self.snapshot.alerts is not None else ()
        if self.choices.page != "alerts" or not known:
            return None, False
        picked = chosen(self.choices.picked("alerts"), tuple(one.name for one in known))
        return picked, any(one.name == picked and one.state == "muted" for one in known)
