"""How far a disposition has come. It only goes forward; the database holds that too."""

from django.db import models


class Stage(models.TextChoices):
    """What may be said of the data by now, each with the words of the method line."""

    ROWS_DELETED = "rows_deleted", "Rows deleted"
    STORAGE_REWRITTEN = "storage_rewritten", "Storage rewritten"
    SEARCHED = "searched", "Storage rewritten and searched"
    FINAL = "final", "Final: the last backup has aged out"

    @property
    def rank(self) -> int:
        """Its place in the order, from 0."""
        return list(Stage).index(self)
