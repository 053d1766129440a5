"""Ready sentences: a line's in its supervisor's hands, everybody's own, and both at every console."""

from typing import Any

from chat import bells, protocol
from chat.lines import ready_sentences
from chat.lines.ready_sentences import Offered, Written
from chat.models import ReadySentence
from chat.protocol import CONSOLE
from chat.requests import doors
from chat.requests.declared import APPROVED_NOW, heard, request
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Sentences, doors=CONSOLE, may="sentences", scope="line")
async def list_sentences(door: doors.Console, asked: protocol.Sentences) -> protocol.SentencesOk:
    return _ok(asked.ref, await in_database(ready_sentences.of_line, door.person, asked.line))


@request(protocol.AddSentence, doors=CONSOLE, may="sentences", device=APPROVED_NOW, scope="line")
async def add_sentence(door: doors.Console, asked: protocol.AddSentence) -> protocol.SentencesOk:
    rows = await in_database(ready_sentences.add, door.person, asked.line, _written(asked), now=clock.now())
    return _ok(asked.ref, rows)


@request(protocol.ChangeSentence, doors=CONSOLE, may="sentences", device=APPROVED_NOW, scope="line")
async def change_sentence(door: doors.Console, asked: protocol.ChangeSentence) -> protocol.SentencesOk:
    rows = await in_database(
        ready_sentences.change, door.person, asked.line, asked.sentence, _written(asked), now=clock.now()
    )
    return _ok(asked.ref, rows)


@request(protocol.EndSentence, doors=CONSOLE, may="sentences", device=APPROVED_NOW, scope="line")
async def end_sentence(door: doors.Console, asked: protocol.EndSentence) -> protocol.SentencesOk:
    rows = await in_database(ready_sentences.end, door.person, asked.line, asked.sentence, now=clock.now())
    return _ok(asked.ref, rows)


@request(protocol.OwnSentences, doors=CONSOLE)
async def keep_own_sentences(door: doors.Console, asked: protocol.OwnSentences) -> None:
    texts = [text.strip() for text in asked.texts]
    await in_database(ready_sentences.keep_own, door.person, asked.language, texts)


@heard(bells.SentencesChanged, doors=CONSOLE)
async def tell_sentences(door: doors.Console, _bell: bells.SentencesChanged) -> None:
    offered = await in_database(ready_sentences.offered_to, door.person)
    await door.write(protocol.SentencesOut(**sentences_frame(offered)))


def sentences_frame(offered: Offered) -> dict[str, Any]:
    """As `hello` has them, and `sentences` after a change."""
    own: dict[str, list[str]] = {}
    for row in offered.own:
        own.setdefault(row.language, []).append(row.text)
    return {"sentences": [_shown(row, by="") for row in offered.of_lines], "own_sentences": own}


def _written(asked: protocol.AddSentence | protocol.ChangeSentence) -> Written:
    return Written(asked.folder.strip(), asked.nl.strip(), asked.formal.strip(), asked.en.strip())


def _shown(row: ReadySentence, *, by: str) -> protocol.SentenceShown:
    return protocol.SentenceShown(
        sentence=row.name,
        line=row.line_id,
        folder=row.folder,
        nl=row.nl,
        formal=row.nl_formal,
        en=row.en,
        by=by,
        made=clock.stamp(row.since),
        ended=clock.stamp(row.ended) if row.ended else None,
    )


def _ok(ref: str, rows: list[ReadySentence]) -> protocol.SentencesOk:
    shown = [_shown(row, by=row.by.alias if row.by else "") for row in rows]
    return protocol.SentencesOk(ref=ref, sentences=shown)
