"""What a metric is called and how it is defined, from the one metric registry."""

from dashboards.formats import Language
from pipelines.warehouse.metrics import METRICS


def label(name: str, language: Language) -> str:
    """The metric's name in words."""
    metric = METRICS[name]
    return metric.zh if language == "zh" else metric.en


def definition(name: str, language: Language) -> str:
    """What one hover holds: the definition and the formula."""
    metric = METRICS[name]
    words = metric.definition_zh if language == "zh" else metric.definition_en
    return f"{words}\n\n`{metric.formula}`"
