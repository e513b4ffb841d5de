"""Anonymized data in numbers: cells by school, grade and demographic, and what of them may be published."""
