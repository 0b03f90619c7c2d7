"""When a service is left alone, and when it is tried again."""

from gateway.proxy.breaker import FEWEST, OPEN_SECONDS, Breaker


class Hands:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


def broken() -> tuple[Breaker, Hands]:
    hands = Hands()
    breaker = Breaker(hands)
    for _ in range(FEWEST):
        assert breaker.seconds_shut() == 0
        breaker.failed()
    return breaker, hands


def test_half_of_twenty_failures_open_it() -> None:
    breaker, hands = Breaker(hands := Hands()), hands
    for number in range(FEWEST):
        breaker.failed() if number % 2 else breaker.succeeded()

    assert breaker.seconds_shut() == OPEN_SECONDS


def test_fewer_failures_do_not() -> None:
    breaker = Breaker(Hands())
    for number in range(FEWEST * 5):
        breaker.failed() if number % 3 == 0 else breaker.succeeded()

    assert breaker.seconds_shut() == 0


def test_old_failures_are_forgotten() -> None:
    hands = Hands()
    breaker = Breaker(hands)
    for _ in range(FEWEST * 2):
        breaker.failed()
        hands.time += 6

    assert breaker.seconds_shut() == 0


def test_after_the_pause_one_request_tries_and_closes_it() -> None:
    breaker, hands = broken()
    hands.time += OPEN_SECONDS + 0.1

    assert breaker.seconds_shut() == 0
    assert breaker.seconds_shut() > 0
    breaker.succeeded()
    assert breaker.seconds_shut() == 0


def test_a_trial_that_fails_opens_it_again() -> None:
    breaker, hands = broken()
    hands.time += OPEN_SECONDS + 0.1
    breaker.seconds_shut()
    breaker.failed()

    assert breaker.seconds_shut() == OPEN_SECONDS


def test_a_trial_that_is_given_up_leaves_room_for_another() -> None:
    breaker, hands = broken()
    hands.time += OPEN_SECONDS + 0.1
    breaker.seconds_shut()
    breaker.abandoned()

    assert breaker.seconds_shut() == 0
