# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Phrases that give a model instructions which a description does not need.

Each rule is looked for only around its literals, which :class:`bytes` finds fast. The expressions have bounded repeats,
so the time is linear in the length of the text.
"""

from __future__ import annotations

import re
import typing as t


class Rule(t.NamedTuple):
    """A phrase.

    :param literals: any match contains one of these; in lower case.
    :param before: bytes before the literal at which a match may begin.
    :param after: bytes after the beginning of the literal at which a match has ended.
    """

    code: str
    literals: tuple[bytes, ...]
    before: int
    after: int
    pattern: re.Pattern[bytes]


def _rule(code: str, literals: str, around: tuple[int, int], *patterns: str) -> Rule:
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    pattern = re.compile(joined.replace(" ", " {1,20}").encode())
    return Rule(code, tuple(map(str.encode, literals.split("|"))), *around, pattern)


_NOT = r"\b(?:do not|don't|dont|never|must not|mustn't|should not|shouldn't|cannot|without|avoid|refrain from)"
_FILLER = r"(?:(?:all|any|the|your|my|of|every|these|those|this|other) ){0,4}"
_FILE = (
    r"(?:\.ssh/|/\.ssh\b|id_rsa|id_ed25519|\.aws/credentials|/mcp\.json|claude_desktop_config|/etc/(?:passwd|shadow)"
    r"|\.env\b|\.git-credentials|\.netrc|\.kube/config|serviceaccount/token)"
)
_READ = r"(?:read|cat|open|send|pass|include|copy|upload|append|attach|provide|extract|dump|exfiltrate|print|steal)"
_OLD = r"(?:previous|prior|above|earlier|preceding|foregoing|system|safety|existing|original|developer|user'?s?)"
_ORDERS = (
    r"(?:instructions?|prompts?|rules?|guidelines?|directions?|directives?|commands?|messages?|restrictions?"
    r"|polic(?:y|ies))"
)
_SAY = r"(?:tell|inform|notify|mention|alert)"

OVERRIDES: t.Final = (
    _rule(
        "TEXT_OVERRIDES_INSTRUCTIONS",
        "ignor|disregard|forget|overrid",
        (2, 140),
        rf"\b(?:ignore|ignoring|disregard|forget|override) {_FILLER}{_OLD} (?:\w+ )?{_ORDERS}",
        r"\b(?:ignore|disregard|forget) (?:everything|anything|all) (?:above|before|previous|you|that came|that was)",
    ),
    _rule(
        "TEXT_OVERRIDES_INSTRUCTIONS",
        "you are now",
        (2, 40),
        r"\byou are now (?:a|an|in|the|no longer|acting|operating|free)\b",
    ),
    _rule(
        "TEXT_OVERRIDES_INSTRUCTIONS",
        "<",
        (0, 40),
        r"<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id)",
        r"<<sys>>",
        r"</?(?:system|assistant)(?:[-_ ](?:reminder|prompt|message|instructions?))?>",
    ),
    _rule(
        "TEXT_OVERRIDES_INSTRUCTIONS",
        "directive|hidden instruction",
        (32, 22),
        r"\[(?:\w+ ){0,3}(?:directive|instruction)s?\]",
        r"\b(?:system|override|hidden|admin|role) (?:directive|instruction)s?:",
    ),
    _rule(
        "TEXT_OVERRIDES_INSTRUCTIONS",
        "act as",
        (2, 40),
        r"\bact as(?::| (?:an? |the )?(?:root|admin|system|developer|unrestricted)(?:\b|istrator))",
    ),
    _rule("TEXT_OVERRIDES_INSTRUCTIONS", "inst]", (2, 8), r"\[/?inst\]"),
)
CONCEALS: t.Final = (
    _rule(
        "TEXT_CONCEALS",
        "tell|inform |notify|mention|alert ",
        (50, 100),
        rf"{_NOT} (?:ever )?{_SAY}(?:ing)? (?:[\w/']+ ){{0,6}}?(?:users?|humans?|anyone|anybody)\b",
        rf"{_NOT} mention(?:ing)? (?:that you|(?:this|it|any of this)(?:[.,;]| to ))",
    ),
    _rule(
        "TEXT_CONCEALS",
        "tly ",
        (8, 40),
        r"(?:secretly|silently|covertly) (?:and \w+ )?"
        r"(?:send|read|upload|forward|cop[iy]|append|bcc|transmit|collect|exfiltrat)",
    ),
    _rule(
        "TEXT_CONCEALS",
        "the user",
        (60, 60),
        r"\bwithout the user(?:'s)? (?:knowledge|knowing|noticing|awareness)",
        r"\b(?:hide|conceal) (?:this|it|that|these|them)(?: \w+){0,4} from the user",
        r"\bthe user (?:must|should|may|need|does) not (?:to )?(?:see|know|notice|be told|be aware)\b",
    ),
)
SECRETS: t.Final = (
    _rule(
        "TEXT_SEEKS_SECRETS",
        "/.|id_rsa|/etc/|.env|desktop_config|serviceaccount/",
        (120, 100),
        rf"\b{_READ} [^\0]{{0,80}}?{_FILE}",
        rf"{_FILE}[^\0]{{0,60}}? and (?:then )?{_READ} ",
    ),
    _rule(
        "TEXT_SEEKS_SECRETS",
        "conversation|chat history|system prompt",
        (80, 40),
        r"\b(?:send|forward|pass|include|append|attach|upload|copy|add|put|insert|reveal|repeat|output) (?:\w+ ){0,3}"
        r"(?:(?:entire|full|whole|complete|previous) (?:\w+ )?(?:conversation|chat)|(?:conversation|chat) history"
        r"|system prompt)",
    ),
    _rule(
        "TEXT_SEEKS_SECRETS",
        "a copy of|bcc",
        (12, 40),
        r"\b(?:send|forward|bcc|cc|upload) a copy of (?:all|each|every|any|recent|previous)\b",
        r"\b(?:always|also|silently) bcc\b",
    ),
)
STEERS: t.Final = (
    _rule(
        "TEXT_STEERS_MODEL",
        "<",
        (0, 40),
        r"<(?:important|critical|urgent|secret|hidden|instructions?|admin|mandatory)>",
    ),
    _rule(
        "TEXT_STEERS_MODEL",
        "first|before",
        (80, 60),
        r"\b(?:always|must|should|need to|required to|please) (?:be )?(?:call|use|run|invoke|execute|consult)(?:ed)?"
        r"(?: \w+){0,3} (?:tool|function) (?:first|before|immediately|prior)",
        r"\bbefore (?:using|calling|invoking|running|executing) (?:any|all) (?:other )?"
        r"(?:tools?|functions?)",
        r"\b(?:call|use|run|invoke|execute) this (?:tool |function )?(?:first|before (?:any|all|every))",
    ),
    _rule(
        "TEXT_STEERS_MODEL",
        "other tool",
        (60, 20),
        r"\b(?:instead of|rather than|do not use|don't use|never use|precedence over|priority over) (?:\w+ ){0,3}"
        r"other tools?\b",
    ),
    _rule(
        "TEXT_STEERS_MODEL",
        "the behavio",
        (20, 60),
        r"\b(?:modify|change|override|alter) the behaviou?r of (?:\w+ ){0,3}tools?\b",
    ),
)
RULES: t.Final = (*OVERRIDES, *CONCEALS, *SECRETS, *STEERS)
