"""The supervisor's hands: the floor of the own lines, and what can be done there."""

from chat import alerts, protocol, queue, samples, stepping_in
from chat.bells import Bell
from chat.consumers import board_news
from chat.consumers.supervising import Supervising
from counsellors import permissions
from counsellors.models import Person
from helpline.lib import clock
from helpline.lib.bridge import in_database


class Acting(Supervising):
    """Looking needs the role; acting an approved device too. Whose line it is, the domain knows."""

    lines: tuple[str, ...] = ()

    async def on_floor(self, request: protocol.FloorAsked) -> protocol.Ok:
        permissions.require(self.person, "board")
        if request.look:
            self.after_reply.append(lambda: board_news.FLOOR.watch(self))
        else:
            board_news.FLOOR.stop(self)
        return protocol.Ok(ref=request.ref)

    async def on_today(self, request: protocol.TodayAsked) -> protocol.Ok:
        permissions.require(self.person, "board")
        found = await in_database(samples.today, self.person, request.line, now=clock.now())
        points = [
            protocol.Point(
                at=clock.stamp(one.at),
                waiting=one.waiting,
                active=one.active,
                on=one.on,
                longest=one.longest,
            )
            for one in found
        ]
        return protocol.TodayOk(ref=request.ref, points=points)

    async def on_front(self, request: protocol.MovedToFront) -> protocol.Ok:
        permissions.require(self.person, "front")
        await self._require_device()
        await in_database(queue.move_to_front, self.person, request.conversation, request.reason)
        return protocol.Ok(ref=request.ref)

    async def on_rest(self, request: protocol.RestAsked) -> protocol.Ok:
        permissions.require(self.person, "rest")
        await self._require_device()
        await in_database(stepping_in.ask_for_rest, self.person, request.person)
        return protocol.Ok(ref=request.ref)

    async def on_listen(self, request: protocol.ListenAsked) -> protocol.Ok:
        permissions.require(self.person, "listen")
        await self._require_device()
        await in_database(stepping_in.ask_to_listen, self.person, request.conversation)
        return protocol.Ok(ref=request.ref)

    async def on_end(self, request: protocol.EndedDead) -> protocol.Ok:
        permissions.require(self.person, "end")
        await self._require_device()
        await in_database(stepping_in.end_dead, self.person, request.conversation, now=clock.now())
        return protocol.Ok(ref=request.ref)

    async def on_alerting(self, request: protocol.AlertingAsked) -> protocol.Ok:
        permissions.require(self.person, "alerting")
        found = await in_database(alerts.thresholds, self.person, request.line)
        return _alerting(request.ref, found)

    async def on_setalerting(self, request: protocol.AlertingSet) -> protocol.Ok:
        permissions.require(self.person, "alerting")
        await self._require_device()
        found = await in_database(
            alerts.set_thresholds,
            self.person,
            request.line,
            waiting=request.waiting,
            minutes=request.minutes,
        )
        return _alerting(request.ref, found)

    async def hear(self, bell: Bell) -> None:
        if bell.news == "rest" and (asker := await in_database(stepping_in.asker, bell.by)):
            await self.write(protocol.RestOut(by=asker.alias))
        elif bell.news == "listen" and (asker := await self._who_would_listen(bell)):
            await self.write(protocol.ListenOut(conversation=bell.about, id=asker.handle, alias=asker.alias))
        await super().hear(bell)

    async def _who_would_listen(self, bell: Bell) -> Person | None:
        """For the console that holds the seat in charge: it alone can send the consult."""
        if not await in_database(stepping_in.leads, self.person, self._device_id, bell.about):
            return None
        return await in_database(stepping_in.asker, bell.by)


def _alerting(ref: str, found: alerts.Thresholds) -> protocol.Ok:
    return protocol.AlertingOk(ref=ref, waiting=found.waiting, minutes=found.minutes, told=found.told)
