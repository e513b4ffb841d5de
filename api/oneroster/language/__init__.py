"""The small language of OneRoster's query parameters: filters, sorting, fields. Pure: no database, no request."""
