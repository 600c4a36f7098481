"""The feed's half of a chart on a screen: wishes in, answers beside the snapshot."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from .answers import forget_answers, write_answer
from .channel import Request
from .charting import Charts, Material
from .log import warning
from .model.chart import Wish
from .paths import Paths


@dataclass
class Clerk:
    """Answers the wishes of screens; `shared`: other users' screens may read the answers too."""

    paths: Paths
    shared: bool = False
    log: Callable[[str], None] = print
    _charts: Charts = field(default_factory=Charts)
    _problem: str = ""

    def serve(self, requests: Iterable[Request], known: Callable[[], Material]) -> None:
        """Answer every chart that is asked for, each once; a disk that refuses is logged once."""
        wishes = dict.fromkeys(one.chart for one in requests if one.kind == "chart" and one.chart is not None)
        if not wishes:
            return
        now = known()
        for wish in wishes:
            self._answer(wish, now)
        forget_answers(self.paths)

    def _answer(self, wish: Wish, known: Material) -> None:
        try:
            write_answer(self.paths, self._charts.answer(wish, known), 0o644 if self.shared else 0o600)
            self._problem = ""
        except OSError as problem:
            said = f"cannot answer a chart: {problem.strerror or problem}"
            if said != self._problem:
                self.log(warning(said))
            self._problem = said
