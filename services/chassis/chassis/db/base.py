"""Metadata with named constraints, and the column shapes that every table shares."""

from typing import Any

from sqlalchemy import BigInteger, Column, Date, DateTime, MetaData, Text

NAMES = {
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}


def metadata() -> MetaData:
    """A service's collection of tables, every constraint named by one rule."""
    return MetaData(naming_convention=NAMES)


def id_column(name: str = "id") -> Column[str]:
    """The primary key: a typed id."""
    return Column(name, Text, primary_key=True)


def timestamp(name: str, *, nullable: bool = False, **options: Any) -> Column[Any]:
    """An instant with time zone."""
    return Column(name, DateTime(timezone=True), nullable=nullable, **options)


def day(name: str, *, nullable: bool = False, **options: Any) -> Column[Any]:
    """A calendar day."""
    return Column(name, Date, nullable=nullable, **options)


def minor_units(name: str, *, nullable: bool = False, **options: Any) -> Column[Any]:
    """An amount of money in minor units; its currency stands in a column beside it."""
    return Column(name, BigInteger, nullable=nullable, **options)
