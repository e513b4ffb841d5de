"""Transfer codes: public rows that say that something may be fetched from a district, never whose it is."""
