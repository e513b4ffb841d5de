"""The wording that each kind of letter has until somebody changes it, in the sources' sentences."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from correspondence.models import Kind


class Wording(NamedTuple):
    """A subject and a body, with placeholders."""

    subject: str
    body: str


GREETING = "Dear district admin of {{ district }},"
ENDING = """{{ csm }}
Your customer success manager

Answer this e-mail with any question."""

REMINDER = f"""{GREETING}

The {{{{ school_year }}}} data of {{{{ suite }}}} ({{{{ products }}}}) will be reset on {{{{ date }}}}, \
in {{{{ days }}}}.

A data reset is the process of preparing returning customers for a new school year by clearing out old academic data \
before rostering occurs in the new school year. All resets must occur at the district level, which triggers a \
concurrent data reset for all schools within the district.

We do not have your answer yet. Districts that do not respond will be reset on {{{{ date }}}}. Look at what will \
happen, then agree to the date or ask for another:

{{{{ link }}}}

The reset must take place before rostering for the new school year, which starts on {{{{ rostering_date }}}}, and \
after your school year and summer school session have ended.

What happens to each type of data:

{{{{ what_happens }}}}

Before your reset date:

{{{{ advice }}}}

{{{{ year_data }}}}

All automated nightly import syncs that the reset pauses will be turned back on when your rostering for the new year \
is complete.

{ENDING}"""

LAST_REMINDER = f"""{GREETING}

Tomorrow, on {{{{ date }}}}, the {{{{ school_year }}}} data of {{{{ suite }}}} ({{{{ products }}}}) will be reset.

{{{{ advice }}}}

{{{{ year_data }}}}

To agree to the date, or to see what will happen with counts for each school:

{{{{ link }}}}

If the date cannot stand, answer this e-mail today.

{ENDING}"""

DATA_REMINDER = f"""{GREETING}

On {{{{ date }}}}, in {{{{ days }}}}, the {{{{ school_year }}}} data of {{{{ suite }}}} ({{{{ products }}}}) will be \
reset, and some of it is deleted.

{{{{ advice }}}}

{{{{ year_data }}}}

The package of the year holds everything in open formats, with the reports. Make it and download it under Reports, \
Year packages:

{{{{ link }}}}

If you need no copy, answer this e-mail: your customer success manager can note that, so that nothing waits for it.

{ENDING}"""

ON_RESET = f"""{GREETING}

The {{{{ school_year }}}} data of {{{{ suite }}}} ({{{{ products }}}}) was reset on {{{{ date }}}}, for all schools of \
the district. Every step was verified before it was kept. See what was retained, archived and deleted, with counts \
for each school:

{{{{ link }}}}

What follows is yours: from {{{{ rostering_date }}}} import the new year's roster, check it, and declare rostering \
complete. Nightly import syncs that the reset paused will be turned back on then.

Students are matched by their Student IDs: please keep them the same.

{ENDING}"""

ON_ROSTERING = f"""{GREETING}

Rostering for the new school year starts on {{{{ rostering_date }}}}. The {{{{ school_year }}}} data of \
{{{{ suite }}}} was reset on {{{{ date }}}}.

Please import the new roster, check that the numbers of students, sections and educators are what you expect, and \
declare rostering complete. Nightly import syncs that the reset paused are turned back on then:

{{{{ link }}}}

Remove educators no longer with the organization or using the program.

{ENDING}"""

DAY_80 = f"""{GREETING}

In {{{{ days }}}} the data of students of {{{{ suite }}}} who have not been rostered again is anonymized. Student data \
is anonymized {{{{ anonymized_after }}}} after the reset, which was on {{{{ date }}}}; {{{{ anonymized_date }}}} is \
the last day on which a student still returns. It cannot be undone.

When students are rostered for the new academic year until then, the system will match any previously enrolled \
students by their Student IDs. If a student is re-enrolled later, the student will be considered a new student and \
will take the Placement test instead of the Benchmark assessment.

Please look whether everybody who returns has been rostered:

{{{{ link }}}}

{ENDING}"""

REQUEST_SOON = f"""{GREETING}

The {{{{ request }}}}, which was requested of us by your district, is due on {{{{ due_date }}}}, in {{{{ days }}}}.

{{{{ waits_for }}}}

How far it is, and whom it is about, stands under Records, Requests:

{{{{ link }}}}

{ENDING}"""

REQUEST_LATE = f"""{GREETING}

The {{{{ request }}}}, which was requested of us by your district, was due on {{{{ due_date }}}} and is not done.

{{{{ waits_for }}}}

Your customer success manager sees it on top of the list. How far it is, and whom it is about, stands under Records, \
Requests:

{{{{ link }}}}

{ENDING}"""

REQUEST_DONE = f"""{GREETING}

The {{{{ request }}}}, which was requested of us by your district, is done; it was due on {{{{ due_date }}}}.

An export can be downloaded for some days, by district admins only. Of a destruction there is a certificate, which \
says what was removed and when backups have aged out. Both stand under Records, Requests:

{{{{ link }}}}

{ENDING}"""

WORDING: Final[Mapping[str, Wording]] = {
    **dict.fromkeys(
        (Kind.BEFORE_60, Kind.BEFORE_30, Kind.BEFORE_14),
        Wording("{{ suite }}: your data is reset on {{ date }}. Please answer", REMINDER),
    ),
    Kind.BEFORE_7: Wording("{{ suite }}: {{ days }} left until your data is reset on {{ date }}", REMINDER),
    Kind.BEFORE_1: Wording("{{ suite }}: your data is reset tomorrow, {{ date }}", LAST_REMINDER),
    **dict.fromkeys(
        (Kind.DATA_14, Kind.DATA_3),
        Wording("{{ suite }}: please download this year's data before {{ date }}", DATA_REMINDER),
    ),
    Kind.ON_RESET: Wording("{{ suite }}: your data was reset on {{ date }}", ON_RESET),
    Kind.ON_ROSTERING: Wording("{{ suite }}: rostering starts on {{ rostering_date }}", ON_ROSTERING),
    Kind.REQUEST_SOON: Wording("A request of your district is due on {{ due_date }}", REQUEST_SOON),
    Kind.REQUEST_LATE: Wording("A request of your district is overdue since {{ due_date }}", REQUEST_LATE),
    Kind.REQUEST_DONE: Wording("A request of your district is done", REQUEST_DONE),
    Kind.DAY_80: Wording("{{ suite }}: students who do not return are anonymized in {{ days }}", DAY_80),
}

ADVICE: Final[Mapping[str, str]] = {
    "literacy": "Download a copy of this year's data for your records before your reset date occurs. Remove educators "
    "no longer with the organization or using the program.",
    "math": "Because no math data is stored year after year, download a copy of this year's data for your records "
    "before your reset date occurs. Remove educators no longer with the organization or using the program.",
    "hero": "If you would like access to the Hero data for the previous school year, please take the time before your "
    "anticipated archive date to save last year's data for your records. All of the Hero Reports can be exported to a "
    ".CSV file. Hero points do not roll over from year to year: print the Schoolwide Points report prior to the "
    "archive. Updating your behavior codes and actions prior to the archive process is NOT RECOMMENDED.",
}
"""What each suite's source recommends before the reset."""
ADVICE_FOR_ALL: Final = "Download a copy of this year's data for your records before your reset date occurs."
