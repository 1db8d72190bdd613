"""Cases, what people ruled on them, and verdicts on content."""

from typing import Annotated, Literal

from pydantic import Field

from platform_core.contract.events.model import EventData
from platform_core.contract.fields import Day, EntityId, FreeText, PersonId, Quantity, Version

SubjectType = Literal["ad_click", "note", "review", "comment", "user", "order"]


class CaseOpened(EventData):
    """Moderation opened a case over some subjects."""

    type = "moderation.case_opened"
    case_id: EntityId
    detector: EntityId
    detector_version: Version
    subject_type: SubjectType
    subject_count: Quantity


class Decided(EventData):
    """A person decided a case. Subjects are named, so that their days can be restated."""

    type = "moderation.decided"
    decision_id: EntityId
    case_id: EntityId
    case_version: Version
    verdict: Literal["confirmed", "dismissed"]
    kind: Literal["givt", "sivt"]
    reason_code: EntityId
    reviewer_id: PersonId
    subject_type: SubjectType
    subjects: Annotated[list[EntityId], Field(min_length=1)]
    subject_dates: Annotated[list[Day], Field(min_length=1)]
    subject_timezone: Annotated[EntityId, Field(description="zone of subject_dates")]


class Appealed(EventData):
    """Somebody whom a decision concerns asks to have it looked at again."""

    type = "moderation.appealed"
    appeal_id: EntityId
    case_id: EntityId
    case_version: Version
    text: FreeText


class Overturned(EventData):
    """A second person ruled otherwise; the new decision stands in ``moderation.decided``."""

    type = "moderation.overturned"
    case_id: EntityId
    appeal_id: EntityId
    decision_id: Annotated[EntityId, Field(description="the new decision")]
    overturned_decision_id: EntityId


class ContentJudged(EventData):
    """A machine or a person ruled whether content may be shown; a person outranks a machine."""

    type = "content.judged"
    judgement_id: EntityId
    subject_type: Literal["note", "review", "comment"]
    subject_id: EntityId
    judge: Literal["machine", "person"]
    verdict: Literal["passed", "held", "removed"]
    reason_code: EntityId
    case_id: EntityId | None = None
    text_sha256: Annotated[EntityId | None, Field(description="digest of what was judged")] = None


MODERATION = (CaseOpened, Decided, Appealed, Overturned, ContentJudged)
