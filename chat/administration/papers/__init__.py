"""Renders the privacy papers: statements, DPIA, register and others, each in every language of the staff.

A paper is a template in a language's folder (`papers/<name>.md`). `facts` fills in what this installation
does, and `answers` what only the organisation can say. So a span that changes in the code or in a setting
changes in every paper that names it, and no two papers contradict each other. `rendering` writes files.
"""

PAPERS = ("callers", "staff", "dpia", "register", "incident", "processors", "accessibility", "board")
