"""Claims that no price can settle: said to be so, never guessed at."""

import re

BEYOND = (
    ("flows of money", r"\b(?:in|out)flows?\b|\bfund flows?\b|\bassets under management\b"),
    ("valuations and profits",
     r"\bvaluations?\b|\b(?:under|over)valued\b|\bcheap\b|\bexpensive\b|\bp/e\b|\bprice[- ]to[- ]\w+|"
     r"\bearnings?\b|\bprofits?\b|\beps\b"),
    ("companies' revenues", r"\brevenues?\b|\bdomestic(?:ally)?\b|\bforeign sales\b"),
    ("what an index is made of",
     r"\bsmallest \d[\d,]* (?:companies|stocks)\b|\bconstituents?\b|\bmembers of\b|\bweight(?:s|ing)?\b"),
    ("causes",
     r"\bbecause\b|\bdue to\b|\bdriven by\b|\bthanks to\b|\bcaused\b|\bas investors\b|\bon (?:fears|hopes)\b"),
    ("politics and policy", r"\btariffs?\b|\belections?\b|\bfed(?:eral reserve)?\b|\brate cuts?\b|\binflation\b"),
    ("moods and intentions", r"\bsentiment\b|\brisk[- ]off\b|\brisk[- ]on\b|\bappetite\b|\binvestors\b"),
    ("the future", r"\bwill\b|\blikely to\b|\bnot out of the question\b|\bcould\b|\bshould\b|\bmay (?!\d)"),
    ("total returns: no dividends are in the bars", r"\btotal returns?\b|\bwith dividends\b|\bdividends?\b"),
)  # fmt: skip
"""What a claim is about, and the words that give it away."""


ALONE = "a move or a level in the claim can be checked alone"


def why_not(claim: str) -> str:
    """Why prices cannot settle a claim; empty where nothing in it says so."""
    for subject, pattern in BEYOND:
        found = re.search(pattern, claim, re.IGNORECASE)
        if found is not None:
            return f'"{found[0]}" is not computable from prices ({subject}); {ALONE}'
    return ""
