"""Marks the protocol's step "ask somebody to join" as done when a colleague has joined an acute
conversation."""

from datetime import datetime

from chat import states
from chat.lines import templates
from chat.models import AcuteStep, Conversation, Member
from counsellors import audit


def tick(conversation: Conversation, *, now: datetime) -> None:
    """Records the step in the name of the colleague who joined first, if the conversation is acute and a
    colleague is present.

    An earlier record of the step is kept. The conversation's row must be locked.
    """
    if conversation.acute_at is None:
        return
    colleagues = Member.objects.present().filter(conversation=conversation, role=states.SeatRole.COLLEAGUE)
    came = colleagues.exclude(person=None).select_related("person").order_by("joined_at").first()
    if came is None or came.person is None:
        return
    for step in templates.protocol(conversation.line.template):
        if not step.calls_in:
            continue
        taken = {"how": AcuteStep.How.DONE, "at": now, "by": came.person}
        _, is_new = AcuteStep.objects.get_or_create(conversation=conversation, code=step.code, defaults=taken)
        if is_new and not states.is_practice(conversation.line_id):
            detail = f"{step.code} {AcuteStep.How.DONE}"
            audit.record(came.person, "acute_step", subject=conversation.recorded_as, detail=detail)
