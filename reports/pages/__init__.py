"""The pages of the year-end reports: the library, one report with its filters, its downloads and deliveries."""
