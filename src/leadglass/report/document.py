"""The JSON document is the assessment itself: there is no second shape to keep in step with it."""

from leadglass.model.assessment import Assessment
from leadglass.model.encode import to_json
from leadglass.report.harmless import harmless


def render(assessment: Assessment) -> str:
    """`assessment` as one indented JSON document that fits `docs/assessment.schema.json`."""
    return to_json(harmless(assessment)).decode()
