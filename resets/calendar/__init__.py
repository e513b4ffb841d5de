"""A district's dates as a calendar (RFC 5545) at a private address that can be renewed. Dates only, nobody's data."""
