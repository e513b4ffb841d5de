"""The people pages: educators, students, sections, and records that are one person's."""
