"""The country of each organization that asked lately, so that showing products needs no database."""

MOST = 50_000


class Whereabouts:
    """Organization ids are unique everywhere, so one memory serves the whole process."""

    def __init__(self) -> None:
        self._countries: dict[str, str] = {}
        self.generation = 0

    def known(self, organization_id: str) -> str | None:
        """The country remembered for an organization."""
        return self._countries.get(organization_id)

    def remember(self, organization_id: str, country: str, generation: int) -> None:
        """Keep a country that was read at `generation`, unless something changed since."""
        if generation == self.generation:
            if len(self._countries) >= MOST:
                self._countries.clear()
            self._countries[organization_id] = country

    def forget(self, organization_id: str) -> None:
        """The organization has changed."""
        self.generation += 1
        self._countries.pop(organization_id, None)


WHEREABOUTS = Whereabouts()
