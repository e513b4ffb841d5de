"""Districts, their hosts and schemas, their background jobs, and the clock."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = "Districts"
