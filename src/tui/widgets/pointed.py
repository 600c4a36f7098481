"""A board of which a click or a drag tells the cell, not only the row."""

from textual import events
from textual.message import Message

from .board import Board

FAST = 10
"""Points of one step of the wheel with Shift."""


class PointedBoard(Board):
    """A pane in which a place across counts as much as one down."""

    class Pointed(Message):
        """A cell was clicked, or dragged over with a button held."""

        def __init__(self, x: int, y: int) -> None:
            super().__init__()
            self.x, self.y = x, y

        def can_replace(self, message: Message) -> bool:
            """While one waits a newer one stands for it: a drag is as fast as the screen."""
            return isinstance(message, PointedBoard.Pointed)

    class Wheeled(Message):
        """The wheel was turned over it, by so many steps: downwards is on, with Shift ten at once."""

        def __init__(self, steps: int) -> None:
            super().__init__()
            self.steps = steps

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """On."""
        self._wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Back."""
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, step: int) -> None:
        event.stop()
        event.prevent_default()
        self.post_message(self.Wheeled(step * (FAST if event.shift else 1)))

    def on_click(self, event: events.Click) -> None:
        """Tell the cell."""
        event.stop()
        event.prevent_default()
        self.post_message(self.Pointed(event.x, event.y))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The same while a button is held."""
        if event.button:
            event.stop()
            self.post_message(self.Pointed(event.x, event.y))
