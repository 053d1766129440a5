"""A text in each language."""


def both(nl: str, en: str = "", formal: str = "") -> dict[str, str]:
    """An empty one is none."""
    return {code: text for code, text in (("nl", nl), ("nl.formal", formal), ("en", en)) if text}
