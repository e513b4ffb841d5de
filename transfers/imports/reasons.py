"""Why a student was imported with changes, was not imported, or cannot be taken back; why an import failed.

Records keep the code, and pages and logs show these words.
"""

from typing import Final

STUDENT_NUMBER: Final = "student_number_in_use"
USERNAME: Final = "username_in_use"
EMAIL: Final = "email_in_use"
DIFFERS: Final = "identity_differs"
RECORD_ID: Final = "record_id_in_use"
STATE_ID: Final = "state_id_in_use"
MATCH_GONE: Final = "match_gone"
SAME_RECORD: Final = "same_record"
NOBODY_LEFT: Final = "nobody_left"
SOURCE_GONE: Final = "source_gone"
RECALLED: Final = "recalled"
SPLIT: Final = "split"
NOT_THERE: Final = "not_there"
SHARED: Final = "shared"
CAME_AGAIN: Final = "came_again"
ROSTERED: Final = "rostered"
ENROLLED: Final = "enrolled"
MERGED: Final = "merged"
OFFERED: Final = "offered"
CHOSEN: Final = "chosen"
ON_HOLD: Final = "on_hold"
OTHER_DATA: Final = "other_data"

WORDS: Final = {
    STUDENT_NUMBER: "The Student ID is in use by another student on this site, so the new record is without it.",
    USERNAME: "The user name is in use by another student on this site, so the new record is without it.",
    EMAIL: "The e-mail address is in use by another student on this site, so the new record is without it.",
    DIFFERS: "This site's own IDs differ from the previous site's; this site's were kept.",
    RECORD_ID: "A score's own number was in use on this site for another student, so it got a new one.",
    STATE_ID: "The state ID belongs to another student on this site. Match the student to that record, or mend the "
    "state ID there, and import again.",
    MATCH_GONE: "The record to which the student was matched is not on this site any more. Match the student again.",
    SAME_RECORD: "Another student of this transfer goes to the same record. Match one of the two to another record.",
    NOBODY_LEFT: "None of the students is on the previous site any more. Ask its administrator.",
    SOURCE_GONE: "The previous site is not there any more.",
    RECALLED: "The previous site has destroyed the data of everybody in this transfer, so it was destroyed here too.",
    SPLIT: "The records were moved to another student on this site afterwards.",
    NOT_THERE: "Some of the records that the import brought are not there any more.",
    SHARED: "Two students of this import are one record by now. Undo their merge first.",
    CAME_AGAIN: "The student came again with a later import. Take that one back first.",
    ROSTERED: "The roster has taken this student over.",
    ENROLLED: "The student is enrolled in classes.",
    MERGED: "The student's record was merged with another one. Undo the merge first.",
    OFFERED: "A transfer code was made for the student on this site.",
    CHOSEN: "A pending import has the student as a match. Review that one first.",
    ON_HOLD: "There is a legal hold on the student, or there was one.",
    OTHER_DATA: "The student has other data on this site by now.",
}


def in_words(code: str) -> str:
    """A reason as a page shows it."""
    return WORDS[code]
