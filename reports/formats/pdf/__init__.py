"""A report on paper: a tagged PDF (PDF/UA-1, PDF/A-2a) to put before a board, or to have read aloud."""

from reports.formats.pdf.typeset import as_picture, write_pdf

__all__ = ["as_picture", "write_pdf"]
