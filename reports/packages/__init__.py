"""Year packages: everything of one school year of a suite, as one file that a district keeps.

"Download a copy of this year's data for your records before your reset date occurs" (literacy and math sources).
"""
