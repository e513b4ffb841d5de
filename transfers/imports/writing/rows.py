"""What an import's statements answered, by relation: held against what the database says that they did."""

from resets.engine.proof import NOTHING, Written


class Done(dict[str, Written]):
    """Rows inserted, updated and deleted by relation, added up."""

    def add(self, relation: str, *, inserted: int = 0, updated: int = 0, deleted: int = 0) -> None:
        """Add a statement's answer; nothing done is nothing recorded."""
        new = Written(inserted, updated, deleted)
        if new != NOTHING:
            old = self.get(relation, NOTHING)
            self[relation] = Written(*(mine + theirs for mine, theirs in zip(old, new, strict=True)))

    def add_all(self, other: "Done") -> None:
        """Add what other statements answered."""
        for relation, rows in other.items():
            self.add(relation, inserted=rows.inserted, updated=rows.updated, deleted=rows.deleted)
