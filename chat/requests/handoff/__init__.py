"""Invitations, consent and referrals, and the entries of the directory."""

from chat.requests.handoff import entries, invitations

__all__ = ["entries", "invitations"]
