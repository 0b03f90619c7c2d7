"""Names of people, split for a salutation."""


def split_name(name: str) -> tuple[str, str]:
    """First and last name of “Anna Maria Rossi”: the last word is the last name."""
    first, _, last = name.strip().rpartition(" ")
    return first.strip(), last.strip()
