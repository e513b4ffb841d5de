"""Certificates of data disposition: what was done to a district's data, signed, for whoever does not trust us."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"

    def ready(self) -> None:
        """Let each tick issue what is due."""
        from certificates.planner import issue_due_certificates  # noqa: PLC0415 - models need the apps to be loaded
        from tenants.jobs.registry import register_planner  # noqa: PLC0415

        register_planner(issue_due_certificates)
