"""Makes a text in each language."""


def both(nl: str, en: str = "", formal: str = "") -> dict[str, str]:
    """Returns both texts. An empty one is left out."""
    return {code: text for code, text in (("nl", nl), ("nl.formal", formal), ("en", en)) if text}
