"""Whom a code is to be for: "choose whether you want to transfer data for an entire grade or an individual student"."""

from dataclasses import dataclass

from transfers.codes.models import Kind


@dataclass(frozen=True)
class Choice:
    """Whom a code is to be for: a grade of a school, or one student."""

    kind: Kind
    school_id: int | None = None
    grade: str = ""
    student_id: int | None = None

    @classmethod
    def whole_grade(cls, school_id: int, grade: str) -> "Choice":
        """\"Whole Grade\": the school, then the grade."""
        return cls(Kind.GRADE, school_id=school_id, grade=grade)

    @classmethod
    def one_student(cls, student_id: int) -> "Choice":
        """\"Individual Student\"."""
        return cls(Kind.STUDENT, student_id=student_id)
