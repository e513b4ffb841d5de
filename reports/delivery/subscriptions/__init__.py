"""Who gets which report by e-mail, in each district's schema."""
