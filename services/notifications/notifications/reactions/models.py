"""How far the events of one subject have been followed."""

from sqlalchemy import BigInteger, Column, Table, Text

from notifications.metadata import metadata

progress = Table(
    "subject_progress",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
)
"""The newest sequence seen per subject and topic, so that an event which arrives late is recognized as outdated."""
