"""Who leaves most unread goes first, and no more of them than must."""

from helpline.lib.transport.unread import Bytes, Connection


class Reader(Connection):
    """Without a network."""

    def __init__(self, everybody: Bytes) -> None:
        self.here = everybody
        self.gone = False

    def abortConnection(self) -> None:  # noqa: N802 – Twisted's name
        self.gone = True
        self.here.count(self, 0)

    def __hash__(self) -> int:
        return id(self)


def test_the_most_unread_go_until_enough_is_free() -> None:
    everybody = Bytes("unread_bytes", 1000)
    little, more, most = (Reader(everybody) for _ in range(3))
    everybody.count(little, 100)
    everybody.count(more, 300)
    everybody.count(most, 600)
    assert not most.gone
    everybody.count(little, 110)
    assert (little.gone, more.gone, most.gone) == (False, False, True)
    assert everybody.bytes == 410


def test_what_is_read_counts_no_more() -> None:
    everybody = Bytes("unread_bytes", 1000)
    reader = Reader(everybody)
    for _ in range(50):
        everybody.count(reader, 900)
        everybody.count(reader, 0)
    assert not reader.gone
    assert everybody.bytes == 0
    assert everybody.of == {}
