"""Facts: what products record about students, in tables partitioned by school year.

A fact carries surrogate keys only. It has no foreign keys in the database: a partition that moves must not take a lock
on the students' table. The loader checks each reference before it writes, and a reset's verification looks for orphans.
"""

from typing import ClassVar

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

from rostering.models import School, Student


def indexes_of(name: str) -> list[models.Index]:
    """The indexes of a fact table: by student, and by school for what one school reads of a whole district's facts.

    Args:
        name: what their names begin with.
    """
    return [
        models.Index(fields=["student"], name=f"{name}_student"),
        models.Index(fields=["school", "student"], name=f"{name}_school"),
    ]


class YearRecord(models.Model):
    """A row of one school year (the partition) at one school, under the product's own id."""

    pk = models.CompositePrimaryKey("school_year", "id")
    id = models.UUIDField(help_text="The product's own event id: loading it again changes nothing.")
    school_year = models.PositiveSmallIntegerField(help_text="The year in which the school year ends.")
    school = models.ForeignKey(
        School, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    product = models.CharField(max_length=20)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.id}"


class Fact(YearRecord):
    """Something that a product recorded about a student on a day."""

    student = models.ForeignKey(
        Student, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    occurred_on = models.DateField()

    class Meta(YearRecord.Meta):
        abstract = True
        indexes: ClassVar = indexes_of("%(class)s")


class CreateFact(migrations.CreateModel):
    """Creates a model's table partitioned by school year, with no partitions yet: the partition manager makes them."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Create the table `PARTITION BY LIST (school_year)`; otherwise as CreateModel does."""
        plain = schema_editor.sql_create_table
        schema_editor.sql_create_table = f"{plain} PARTITION BY LIST (school_year)"
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            schema_editor.sql_create_table = plain


class FillFactor(migrations.RunSQL):
    """Leaves room in a narrow table's pages, so that setting a column to zero stays on the page (a HOT update)."""

    def __init__(self, table: str, percent: int = 85) -> None:
        self.table, self.percent = table, percent
        super().__init__(f'ALTER TABLE "{table}" SET (fillfactor = {percent})', migrations.RunSQL.noop)

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """As written in the migration."""
        return self.__class__.__name__, [self.table, self.percent], {}
