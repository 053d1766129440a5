"""Handles requests about the thresholds at which a line raises an alert."""

from chat import protocol
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import APPROVED_NOW, request
from chat.supervision import alerts
from helpline.lib.bridge import in_database


@request(protocol.Alerting, consumers=CONSOLE, may="alerting", scope="line")
async def alerting(consumer: consumers.Console, asked: protocol.Alerting) -> protocol.AlertingOk:
    found = await in_database(alerts.thresholds, consumer.person, asked.line)
    return _alerting(asked.ref, found)


@request(protocol.SetAlerting, consumers=CONSOLE, may="alerting", device=APPROVED_NOW, scope="line")
async def set_alerting(consumer: consumers.Console, asked: protocol.SetAlerting) -> protocol.AlertingOk:
    found = await in_database(
        alerts.set_thresholds,
        consumer.person,
        asked.line,
        waiting=asked.waiting,
        minutes=asked.minutes,
    )
    return _alerting(asked.ref, found)


def _alerting(ref: str, found: alerts.Thresholds) -> protocol.AlertingOk:
    return protocol.AlertingOk(ref=ref, waiting=found.waiting, minutes=found.minutes, told=found.told)
