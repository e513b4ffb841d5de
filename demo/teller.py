"""How the demo speaks: acts, lines, and the table at the end. Plain lines where there is no terminal."""

from itertools import groupby
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table

from demo.verdict import Line

WIDTH: Final = 132


def _place(line: Line) -> tuple[str, str]:
    return line.district, line.suite


class Teller:
    """Prints the story."""

    def __init__(self) -> None:
        self.console = Console(highlight=False)
        if not self.console.is_terminal:
            self.console = Console(highlight=False, width=WIDTH)

    def act(self, date: str, title: str) -> None:
        """A new date of the year."""
        self.console.print(f"\n[bold]{date}[/bold]  {title}", soft_wrap=True)

    def say(self, line: str) -> None:
        """One thing that happened."""
        self.console.print(f"  {line}", soft_wrap=True)

    def table(self, lines: list[Line]) -> None:
        """Print every row of the sources' tables with its rows before and after, and whether it held."""
        for (district, suite), group in groupby(sorted(lines, key=_place), key=_place):
            table = Table(title=f"{district}: {suite}", title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
            table.add_column("Data", width=44)
            table.add_column("Action", width=26)
            for name in ("Before", "Kept", "Archived", "Deleted"):
                table.add_column(name, justify="right", min_width=9, no_wrap=True)
            table.add_column("Held", width=4, no_wrap=True)
            for line in group:
                numbers = [f"{number:,}" for number in (line.before, line.kept, line.archived, line.deleted)]
                held = "[green]yes[/green]" if line.held else "[bold red]NO[/bold red]"
                note = f"{line.category} [dim]({line.note})[/dim]" if line.note else line.category
                table.add_row(note, line.action, *numbers, held)
            self.console.print(table)
