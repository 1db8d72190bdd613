"""A person's days are subjects of their own."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("case_subjects", schema=None) as batch_op:
        batch_op.drop_constraint("pk_case_subjects", type_="primary")
        batch_op.create_primary_key("pk_case_subjects", ["case_id", "subject_id", "event_date"])
