"""The wish list."""

from sqlalchemy import Column, ForeignKey, Table, Text

from chassis.db.base import timestamp
from shop.schema import metadata

wishes = Table(
    "wishes",
    metadata,
    Column("organization_id", Text, primary_key=True),
    Column("product_code", Text, ForeignKey("products.code"), primary_key=True),
    timestamp("added_at"),
)
