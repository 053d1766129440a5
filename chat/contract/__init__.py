"""Generates two files that describe the wire contract, docs/asyncapi.yaml and
frontend/shared/protocol.d.ts."""
