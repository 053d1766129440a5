"""Handles requests about invitations, consent and referrals, and about the entries of the directory."""

from chat.requests.handoff import entries, invitations
