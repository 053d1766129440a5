"""Lists which of the first steps of setting up a line are still to be done for a supervisor's lines. Also
records that a supervisor checked a line's texts or telephone numbers."""

from chat import protocol
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import APPROVED_NOW, request
from chat.supervision import beginning
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Beginning, consumers=CONSOLE, may="board")
async def list_steps(consumer: consumers.Console, asked: protocol.Beginning) -> protocol.BeginningOk:
    found = await in_database(beginning.steps, consumer.person, now=clock.now())
    steps = [protocol.BeginningStep(what=one.what.value, lines=one.lines, waits=one.waits) for one in found]
    return protocol.BeginningOk(ref=asked.ref, steps=steps)


@request(protocol.NumbersRead, consumers=CONSOLE, may="line", device=APPROVED_NOW, scope="line")
async def note_numbers_read(consumer: consumers.Console, asked: protocol.NumbersRead) -> None:
    await in_database(beginning.note_numbers_read, consumer.person, asked.line, now=clock.now())


@request(protocol.WordsRead, consumers=CONSOLE, may="line", device=APPROVED_NOW, scope="line")
async def note_words_read(consumer: consumers.Console, asked: protocol.WordsRead) -> None:
    await in_database(beginning.note_words_read, consumer.person, asked.line, now=clock.now())
