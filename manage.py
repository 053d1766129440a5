#!/usr/bin/env python
"""Runs the command `helpline` in a checkout."""

from helpline.__main__ import main

if __name__ == "__main__":
    main()
