"""The resources: what each of OneRoster's records is made of here."""
