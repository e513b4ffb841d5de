"""The engine: proven, or it never happened. `plan` compiles, `preview` counts, `execute` does and proves."""

from resets.engine.execute import execute
from resets.engine.plan import Plan, compile_plan
from resets.engine.preview import Preview, preview

__all__ = ["Plan", "Preview", "compile_plan", "execute", "preview"]
