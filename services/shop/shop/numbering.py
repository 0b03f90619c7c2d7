"""Numbers of orders and subscriptions: what they start with, and six digits or more of a sequence."""

from sqlalchemy import ColumnElement, Sequence, Text, bindparam, func

DIGITS = "FM9999999999999000000"


def next_number(sequence: Sequence) -> ColumnElement[str]:
    """The next number: the parameter `number_starts` ("O-2027-") and the sequence's next value."""
    return func.concat(bindparam("number_starts", type_=Text), func.to_char(sequence.next_value(), DIGITS))
