"""Handles requests about ready sentences: those of a line, which its supervisors manage, and each person's
own."""

from typing import Any

from chat import bells, protocol
from chat.lines import ready_sentences
from chat.lines.ready_sentences import Offered, Written
from chat.models import ReadySentence
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import APPROVED_NOW, heard, request
from helpline import languages
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Sentences, consumers=CONSOLE, may="sentences", scope="line")
async def list_sentences(consumer: consumers.Console, asked: protocol.Sentences) -> protocol.SentencesOk:
    return _ok(asked.ref, await in_database(ready_sentences.of_line, consumer.person, asked.line))


@request(protocol.AddSentence, consumers=CONSOLE, may="sentences", device=APPROVED_NOW, scope="line")
async def add_sentence(consumer: consumers.Console, asked: protocol.AddSentence) -> protocol.SentencesOk:
    rows = await in_database(
        ready_sentences.add, consumer.person, asked.line, _written(asked), now=clock.now()
    )
    return _ok(asked.ref, rows)


@request(protocol.ChangeSentence, consumers=CONSOLE, may="sentences", device=APPROVED_NOW, scope="line")
async def change_sentence(
    consumer: consumers.Console, asked: protocol.ChangeSentence
) -> protocol.SentencesOk:
    rows = await in_database(
        ready_sentences.change, consumer.person, asked.line, asked.sentence, _written(asked), now=clock.now()
    )
    return _ok(asked.ref, rows)


@request(protocol.EndSentence, consumers=CONSOLE, may="sentences", device=APPROVED_NOW, scope="line")
async def end_sentence(consumer: consumers.Console, asked: protocol.EndSentence) -> protocol.SentencesOk:
    rows = await in_database(
        ready_sentences.end, consumer.person, asked.line, asked.sentence, now=clock.now()
    )
    return _ok(asked.ref, rows)


@request(protocol.OwnSentences, consumers=CONSOLE)
async def keep_own_sentences(consumer: consumers.Console, asked: protocol.OwnSentences) -> None:
    texts = [text.strip() for text in asked.texts]
    await in_database(ready_sentences.keep_own, consumer.person, asked.language, texts)


@heard(bells.SentencesChanged, consumers=CONSOLE, missed=True)
async def tell_sentences(consumer: consumers.Console, _bell: bells.SentencesChanged) -> None:
    offered = await in_database(ready_sentences.offered_to, consumer.person)
    await consumer.write(protocol.SentencesOut(**sentences_frame(offered)))


def sentences_frame(offered: Offered) -> dict[str, Any]:
    """Returns the ready sentences as fields for the answer to `prove` and for the frame `sentences`."""
    own: dict[str, list[str]] = {}
    for row in offered.own:
        own.setdefault(row.language, []).append(row.text)
    return {"sentences": [_shown(row, by="") for row in offered.of_lines], "own_sentences": own}


def _written(asked: protocol.AddSentence | protocol.ChangeSentence) -> Written:
    return Written(asked.folder.strip(), languages.stripped(asked.says))


def _shown(row: ReadySentence, *, by: str) -> protocol.SentenceShown:
    return protocol.SentenceShown(
        sentence=row.name,
        line=row.line_id,
        folder=row.folder,
        says=row.says,
        by=by,
        made=clock.stamp(row.since),
        ended=clock.stamp_or_none(row.ended),
    )


def _ok(ref: str, rows: list[ReadySentence]) -> protocol.SentencesOk:
    shown = [_shown(row, by=row.by.alias if row.by else "") for row in rows]
    return protocol.SentencesOk(ref=ref, sentences=shown)
