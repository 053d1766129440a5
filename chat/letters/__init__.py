"""Implements letters: conversations that a caller writes while no counsellor is available, and that a
counsellor of the line answers later."""
