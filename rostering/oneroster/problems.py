"""Everything that can be wrong with a bundle: in a reader's words, with how to mend it.

A `habit` is something that vendors are known to do and that can be understood with certainty: strict mode refuses it,
the default accepts it and counts it. A `remark` breaks no rule of the specification: it is counted in both modes.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One kind of problem. `what` and `mend` may use {column}, {file}, {kind}, {words} and {detail}."""

    what: str
    mend: str
    habit: bool = False
    remark: bool = False


PROBLEMS: dict[str, Problem] = {
    # The package
    "package.unreadable": Problem(
        "This cannot be read as a OneRoster bundle ({detail}).", "Export it again: a zip of CSV files, or a folder."
    ),
    "package.missing_manifest": Problem("There is no manifest.csv.", "Add manifest.csv at the root of the zip."),
    "package.unsafe_member": Problem(
        "The zip holds a member whose name is not a plain file name, or that is encrypted.",
        "Zip the CSV files themselves, without folders or a password.",
    ),
    "package.too_large": Problem("Unpacked, the bundle is too large ({detail}).", "Ask for the limit to be raised."),
    "package.duplicate_file": Problem("The bundle holds {file} twice.", "Leave only one."),
    "package.missing_file": Problem("Rostering needs {file}, which is not there.", "Export it too."),
    "package.courses_absent": Problem(
        "There is no courses.csv; sections keep the courses that they have.", "Export courses too.", habit=True
    ),
    "package.inner_folder": Problem("The files lie in a folder inside the zip.", "Zip the files only.", habit=True),
    "package.extra_file": Problem(
        "The bundle holds files that are not OneRoster's; ignored.", "Leave out.", habit=True
    ),
    "package.file_name_case": Problem("A file's name is in another case.", "Name it {detail}.", habit=True),
    # The manifest
    "manifest.invalid": Problem(
        "manifest.csv cannot be read ({detail}).", "Write propertyName,value and one per line."
    ),
    "manifest.version_unknown": Problem(
        "oneroster.version is {detail}.", "Yearturn reads 1.0, 1.1 and 1.2; export one of them."
    ),
    "manifest.mode_unknown": Problem("{column} is neither absent, bulk nor delta.", "Write one of these."),
    "manifest.entry_missing": Problem("manifest.csv does not list {column}.", "Add it.", habit=True),
    "manifest.file_unexpected": Problem(
        "manifest.csv says that {file} is absent, but it is there.", "Leave the file out, or write bulk or delta."
    ),
    "manifest.file_missing": Problem(
        "manifest.csv announces {file}, but it is not there.", "Add the file, or write absent."
    ),
    "manifest.mode_conflict": Problem(
        "manifest.csv says bulk, but every row of {file} has a status and a date as in delta; read as bulk.",
        "Leave both columns blank in bulk files.",
        habit=True,
    ),
    # CSV
    "csv.unescaped_quote": Problem(
        "A quotation mark stands where CSV does not allow one.",
        'Put the whole value in quotation marks, and write each one inside it twice ("").',
    ),
    "csv.unterminated_quote": Problem("A quoted value never ends.", "Close it with a quotation mark."),
    "csv.wrong_field_count": Problem(
        "The row has {detail}.", "Give each row one value per column; put values that contain commas in quotes."
    ),
    "csv.invalid_utf8": Problem("The text is not UTF-8.", "Export the file as UTF-8."),
    "csv.nul": Problem("The value contains a NUL character.", "Export the file again as plain text."),
    "csv.empty_file": Problem("The file has no header.", "Write the column names in the first row."),
    "csv.blank_line": Problem("There are blank lines; skipped.", "Leave them out.", habit=True),
    "csv.trailing_fields": Problem("Rows end in empty fields beyond the header; ignored.", "Leave out.", habit=True),
    "csv.no_rows": Problem("The file has a header only: it removes nobody.", "Say absent instead.", remark=True),
    # Headers
    "header.missing_column": Problem("The column {column} is missing.", "Add it to the header and to every row."),
    "header.duplicate_column": Problem("The header names {column} twice.", "Leave only one."),
    "header.unknown_column": Problem(
        "{column} is not a column of {file}; ignored.", "Leave it out, or name it metadata.{column}.", habit=True
    ),
    "header.other_spelling": Problem("The header writes {column} as {detail}.", "Write {column}.", habit=True),
    "header.order": Problem("The columns are not in the specification's order.", "Use its order.", habit=True),
    "header.empty": Problem("The header has empty names at its end; ignored.", "Leave them out.", habit=True),
    # Values
    "row.field_required": Problem("{column} is required and blank.", "Fill it in."),
    "row.field_required_in_delta": Problem("{column} is required in a delta file and blank.", "Fill it in."),
    "row.field_not_allowed_in_bulk": Problem(
        "{column} must be blank in a bulk file.", "Leave it blank, or send delta.", habit=True
    ),
    "row.invalid_identifier": Problem(
        "{column} may have at most 255 of the characters 0-9 A-Z a-z . - _ / @.", "Use these only."
    ),
    "row.spreadsheet_number": Problem(
        "{column} looks like a number that a spreadsheet has rewritten (1.2E+05): its digits are lost.",
        "Do not open the export in a spreadsheet, or format the column as text first; export again.",
    ),
    "row.leading_zeros_lost": Problem(
        "{column} is a known one without its leading zeros, and the known one is missing.",
        "A spreadsheet has removed them: format the column as text, or do not open the export in one; export again.",
    ),
    "row.invalid_date": Problem("{column} is not a date.", "Write YYYY-MM-DD."),
    "row.ambiguous_date": Problem(
        "{column} may be month/day or day/month.", "Write YYYY-MM-DD, which has only one meaning."
    ),
    "row.invalid_datetime": Problem("{column} is not a date and time.", "Write 2012-04-23T18:25:43.511Z."),
    "row.invalid_year": Problem("{column} is not a year.", "Write the year in which the school year ends, as YYYY."),
    "row.invalid_boolean": Problem("{column} is neither true nor false.", "Write true or false."),
    "row.invalid_value": Problem("{column} is not one of the allowed words.", "Write one of: {words}."),
    "row.invalid_number": Problem("{column} is not a number.", "Write digits, with a point for decimals."),
    "row.too_long": Problem("{column} is longer than 255 characters.", "Shorten it."),
    "value.slashes": Problem("{column} is a date with slashes.", "Write YYYY-MM-DD.", habit=True),
    "value.date_form": Problem("{column} is not in full date-and-time form.", "Write it with T and Z.", habit=True),
    "value.year_range": Problem("{column} is a range of years.", "Write the year in which it ends.", habit=True),
    "value.boolean_form": Problem("{column} is not exactly true or false.", "Write true or false.", habit=True),
    "value.word_form": Problem("{column} has a word in another form.", "Write one of: {words}.", habit=True),
    "value.grade_form": Problem("{column} has grades in another form, such as 5 for 05.", "Write 05.", remark=True),
    "value.grade_unknown": Problem(
        "{column} names a grade that is not known here; kept as blank.", "Use PK, TK, KG, 01 to 12, UG.", remark=True
    ),
    "value.several_grades": Problem("Students have several grades; the first counts.", "Send one.", remark=True),
    "value.password": Problem(
        "The file contains passwords. They were not kept.", "Stop exporting them: leave {column} blank.", remark=True
    ),
    # References and people
    "reference.duplicate_sourced_id": Problem("{column} occurs in more than one row.", "Give each record its own."),
    "reference.missing_target_record": Problem(
        "{column} names a record that is not in {detail}.", "Add that record, or correct the reference."
    ),
    "reference.unknown_target": Problem(
        "{column} names records that are not in the bundle; left open.", "Export them too.", habit=True
    ),
    "reference.not_a_school": Problem("{column} names an org that is not a school.", "Name an org of type school."),
    "reference.no_school": Problem("A student's orgs include no school; they have no school here.", "", remark=True),
    "reference.no_role": Problem("Users without a role are not rostered.", "Give each one in roles.csv.", remark=True),
    "reference.role_mismatch": Problem(
        "Enrollments whose role does not fit the user's are left out.", "Correct the role.", remark=True
    ),
    "match.student_id_not_unique": Problem(
        "A Student ID belongs to several students: nobody is matched by it.",
        "Give each student their own.",
        remark=True,
    ),
    "match.merged_student": Problem(
        "Rows speak of students who were merged with another here; they count for the one who stayed.",
        "Merge them in the student information system too.",
        remark=True,
    ),
    "match.identifier_reused": Problem(
        "This identifier belonged to another child: name and birth date both differ from the student on record.",
        "Give the new child an identifier of its own. If it is the same child, correct one of the two first.",
    ),
}


def explained(code: str, **words: str) -> str:
    """What is wrong and how to mend it, in one text."""
    problem = PROBLEMS[code]
    return f"{problem.what} {problem.mend}".strip().format_map(_Filled(words))


class _Filled(dict[str, str]):
    """Words for a message; one that nobody gave reads as a general one."""

    def __missing__(self, key: str) -> str:
        return {"detail": "the file that it points to", "column": "the column", "file": "the file"}.get(key, "it")
