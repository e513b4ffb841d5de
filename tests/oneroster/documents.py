"""An official OpenAPI document, against which answers are held."""

import json
from functools import cached_property
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker


class Document:
    """One document, with its operations and a check of an answer's body."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.raw: dict[str, Any] = json.loads(path.read_text())

    @cached_property
    def operations(self) -> list[tuple[str, str]]:
        """Every operation: its address and method."""
        return [
            (path, method)
            for path, methods in self.raw["paths"].items()
            for method in methods
            if method in {"get", "put", "post", "delete"}
        ]

    def check(self, path: str, method: str, status: int, body: Any) -> None:
        """Fail unless the body is what the document says of this operation and status."""
        responses = self.raw["paths"][path][method]["responses"]
        described = responses.get(str(status), responses["default"])
        content = described.get("content")
        if content is None:
            assert not body
            return
        schema = {**content["application/json"]["schema"], "components": self.raw["components"]}
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(body)
