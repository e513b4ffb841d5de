"""Demographics of students. Their sourcedId is the student's."""

from api.oneroster.fields import Field, Kind
from api.oneroster.resource import Resource, base, word
from rostering.oneroster.specs_roster import RACES, SEXES

SHORT = {
    "americanIndianOrAlaskaNative": "native",
    "blackOrAfricanAmerican": "black",
    "nativeHawaiianOrOtherPacificIslander": "pacific",
    "demographicRaceTwoOrMoreRaces": "two_or_more",
}
"""The roster's own words for some races (rostering.intake.demographics)."""

DEMOGRAPHICS = Resource(
    plural="demographics",
    single="demographics",
    relation="""{studentidentity} AS i LEFT JOIN {student} AS s ON s.id = i.student_id
LEFT JOIN {studentdemographics} AS d ON d.student_id = i.student_id""",
    key="i.sourced_id",
    fields=(
        *base("greatest(d.modified_at, i.modified_at, s.modified_at)", "s.status = 'active'", "i.sourced_id"),
        Field("birthDate", "i.birth_date", Kind.DATE, aliases=("birthdate",)),
        Field("sex", f"CASE WHEN d.sex <> '' THEN {word('d.sex', SEXES)} END", Kind.WORD, words=SEXES),
        *(Field(race, f"'{SHORT.get(race, race)}' = ANY(string_to_array(d.race, ','))", Kind.FLAG) for race in RACES),
        Field("hispanicOrLatinoEthnicity", "d.hispanic_or_latino", Kind.FLAG),
    ),
    where="NOT starts_with(i.sourced_id, 'left:')",
    school="s.school_id = %s",
)
