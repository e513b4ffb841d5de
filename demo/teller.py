"""How the demo speaks: acts, lines, and the table at the end. Plain lines where there is no terminal."""

from rich.console import Console
from rich.table import Table

from demo.verdict import Line


class Teller:
    """Prints the story."""

    def __init__(self) -> None:
        self.console = Console(highlight=False, soft_wrap=True)

    def act(self, date: str, title: str) -> None:
        """A new date of the year."""
        self.console.print(f"\n[bold]{date}[/bold]  {title}")

    def say(self, line: str) -> None:
        """One thing that happened."""
        self.console.print(f"  {line}")

    def table(self, lines: list[Line]) -> None:
        """Print every row of the sources' tables with its rows before and after, and whether it held."""
        table = Table(title="Every row of the sources' tables, counted before and after", title_justify="left")
        for name in ("District", "Suite", "Data", "Action"):
            table.add_column(name, overflow="fold")
        for name in ("Before", "Kept", "Archived", "Deleted"):
            table.add_column(name, justify="right", no_wrap=True)
        table.add_column("Held")
        table.add_column("Note", overflow="fold")
        previous = None
        for line in lines:
            if previous is not None and (line.district, line.suite) != previous:
                table.add_section()
            previous = (line.district, line.suite)
            numbers = [f"{number:,}" for number in (line.before, line.kept, line.archived, line.deleted)]
            held = "[green]yes[/green]" if line.held else "[bold red]NO[/bold red]"
            table.add_row(line.district, line.suite, line.category, line.action, *numbers, held, line.note)
        self.console.print()
        width = None if self.console.is_terminal else 180
        self.console.print(table, width=width)
