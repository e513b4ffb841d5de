"""Year-end reports: what each holds is declared, compiled to SQL, and read by pages, files and packages alike.

"Download a copy of this year's data for your records before your reset date occurs" (literacy and math sources).
"""
