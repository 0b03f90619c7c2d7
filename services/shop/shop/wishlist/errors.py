"""What can go wrong with the wish list."""

from chassis.kernel.errors import NotFound


class NotWished(NotFound):
    """The product is not on the list."""

    code, title = "not-on-wish-list", "This is not on your wish list"
