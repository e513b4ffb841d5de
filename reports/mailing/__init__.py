"""E-mails with a link, to people of a district: never an attachment, at most once, and no student is named."""
