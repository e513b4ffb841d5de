"""The database backend: django-tenants' own, which sends SET search_path only when it must."""
