"""The check at start-up that data maps and models agree: a table or column that nobody thought of is an error by name.

Runs with every `manage.py` command and when a worker starts; `manage.py check` shows all of it. What happens to each
category is the policies' part, which `resets` checks in the same way.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, Tags, register

from products.checks.coverage import column_problems, model_problems
from products.checks.problem import MapProblem
from products.checks.shape import shape_problems
from products.datamap import Suite
from products.registry import other_maps, suites


def problems_of(app_label: str, suite: Suite, exempt: dict[str, str]) -> Iterator[MapProblem]:
    """Everything in which an app's models and its data map disagree."""
    models = list(apps.get_app_config(app_label).get_models(include_auto_created=True))
    yield from model_problems(models, suite, exempt)
    for category in suite.categories:
        for table in category.tables:
            yield from column_problems(category, table)
            yield from shape_problems(category, table)


def check_data_maps(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> list[CheckMessage]:
    """The system check: each error names the model, column or category, and says how to mend it."""
    maps = [(suite.code, suite, dict[str, str]()) for suite in suites()]
    maps += [(label, suite, exempt) for label, (suite, exempt) in other_maps().items()]
    wanted = None if app_configs is None else {config.label for config in app_configs}
    return [
        Error(problem.text, hint=problem.hint, obj=problem.where, id=f"products.{problem.code}")
        for label, suite, exempt in maps
        if wanted is None or label in wanted
        for problem in problems_of(label, suite, exempt)
    ]


def register_checks() -> None:
    """Register the check; called when the app is ready."""
    register(check_data_maps, Tags.models)
