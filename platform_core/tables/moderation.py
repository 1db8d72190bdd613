"""Cases, what they rest on and what became of them; rows are only ever added."""

import sqlalchemy as sa

from platform_core.tables.schema import Instant, Position, metadata

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("case_key", sa.Text, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("subject_type", sa.Text, nullable=False, server_default="ad_click"),
    sa.Column("detector", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.UniqueConstraint("case_key", "round"),
)

case_versions = sa.Table(
    "case_versions",
    metadata,
    sa.Column("case_id", sa.ForeignKey(cases.c.case_id), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("detector_version", sa.Integer, nullable=False),
    sa.Column("priority", sa.Float, nullable=False),
    sa.Column("subject_count", sa.Integer, nullable=False),
    sa.Column("evidence", sa.JSON, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
)

case_subjects = sa.Table(
    "case_subjects",
    metadata,
    sa.Column("case_id", sa.ForeignKey(cases.c.case_id), primary_key=True),
    sa.Column("subject_id", sa.Text, primary_key=True),
    sa.Column("since_version", sa.Integer, nullable=False),
    sa.Column("event_date", sa.Date, primary_key=True),
    sa.Column("timezone", sa.Text, nullable=False),
)

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("decision_id", sa.Text, primary_key=True),
    sa.Column("case_id", sa.ForeignKey(cases.c.case_id), nullable=False),
    sa.Column("case_version", sa.Integer, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("reason_code", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("reviewer_id", sa.Text, nullable=False),
    sa.Column("reviewer_login", sa.Text, nullable=False),
    sa.Column("decided_at", Instant, nullable=False),
    sa.UniqueConstraint("case_id", "case_version"),
)

appeals = sa.Table(
    "appeals",
    metadata,
    sa.Column("appeal_id", sa.Text, primary_key=True),
    sa.Column("case_id", sa.ForeignKey(cases.c.case_id), nullable=False, unique=True),
    sa.Column("case_version", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("appellant_id", sa.Text),
    sa.Column("appealed_at", Instant, nullable=False),
)

content_judgements = sa.Table(
    "content_judgements",
    metadata,
    sa.Column("position", Position, primary_key=True),
    sa.Column("judgement_id", sa.Text, nullable=False, unique=True),
    sa.Column("subject_type", sa.Text, nullable=False),
    sa.Column("subject_id", sa.Text, nullable=False),
    sa.Column("text_sha256", sa.Text),
    sa.Column("judge", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("reason_code", sa.Text, nullable=False),
    sa.Column("case_id", sa.ForeignKey(cases.c.case_id)),
    sa.Column("judged_at", Instant, nullable=False),
    sa.Index("ix_content_judgements_subject_id_subject_type", "subject_id", "subject_type"),
)
