"""Why a package is not loaded."""


class LoadRefusedError(Exception):
    """The package cannot be loaded; nothing was changed. `problems` has every one that was found."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))
