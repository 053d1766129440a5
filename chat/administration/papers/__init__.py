"""Renders the privacy papers: statements, DPIA, register and others, each in every language of the staff.

A paper is a template in a language's folder (`papers/<name>.md`). `facts` provides the values that come from
the installation itself, and `answers` the values that only the organisation can give. Spans of time come from
the code and the settings: if a span changes there, it changes in every paper, so that no two papers
contradict each other. `rendering` writes the files.
"""

PAPERS = ("callers", "staff", "dpia", "register", "incident", "processors", "accessibility", "board")
