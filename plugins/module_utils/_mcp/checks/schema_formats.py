# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check values by the ``format`` of JSON Schemas as the official TypeScript clients do, which use ajv-formats (pure).

The formats are those of ajv-formats 3.0.1, and so are the answers (``tests/oracles/test_formats.py``), also where the
standards say otherwise. A value comes from the server: all expressions take time that is linear in its length, and long
values are not checked.
"""

from __future__ import annotations

import ipaddress
import re
import typing as t

from .ecma_patterns import compiles
from .web_urls import is_web_url

_LONGEST: t.Final = 2_000  # characters of a value
_DAYS: t.Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DATE: t.Final = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_TIME: t.Final = r"([0-9]{2}):([0-9]{2}):([0-9]{2}(?:\.[0-9]+)?)([zZ]|([+-])([0-9]{2})(?::?([0-9]{2}))?)?"
_SPACE: t.Final = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"  # as in ECMA-262
_WHOLE_DATE: t.Final = re.compile(_DATE)
_WHOLE_TIME: t.Final = re.compile(_TIME)
_WHOLE_DATE_TIME: t.Final = re.compile(f"({_DATE})[tT{_SPACE}]({_TIME})")
_LAST_MINUTE: t.Final = 23 * 60 + 59  # of a day; a leap second follows it

_HEX: t.Final = "[0-9A-Fa-f]"
_USER: t.Final = rf"(?:(?:[A-Za-z0-9\-._~!$&'()*+,;=:]|%{_HEX * 2})*@)?"
_SCHEME: t.Final = r"[A-Za-z][A-Za-z0-9+.\-]*:"


def _uri_form(more: str, form: str) -> re.Pattern[str]:
    """Return an expression for a URI, whose group is the address in brackets.

    The authority is that of RFC 3986, also after one slash. Its other forms have the characters of a path.

    :param more: characters of a path beside those of RFC 3986.
    :param form: has placeholders for the characters of a path, and for an authority with an address in brackets.
    """
    char = rf"[A-Za-z0-9\-._~!$&'()*+,;=:@{more}]|%{_HEX * 2}"
    literal = rf"//?{_USER}\[([^\[\]]*)\](?::[0-9]*)?(?:/(?:{char}|/)*)?"
    query = rf"(?:\?(?:{char}|[/?])*)?(?:#(?:{char}|[/?])*)?"
    return re.compile(form.format(char=f"(?:{char}|/)", literal=literal) + query)


_URI: t.Final = _uri_form("", f"{_SCHEME}(?:{{char}}+|{{literal}})")  # and not with an empty path
_REFERENCE: t.Final = _uri_form('"', f"(?:{{char}}*|(?:{_SCHEME})?{{literal}})")
_FUTURE: t.Final = re.compile(rf"[Vv]{_HEX}+\.[A-Za-z0-9\-._~!$&'()*+,;=:]+")

_VARIABLE: t.Final = rf"(?:[A-Za-z0-9_]|%{_HEX * 2})+(?::[1-9][0-9]{{0,3}}|\*)?"
_TEMPLATE: t.Final = re.compile(
    rf"(?:[^\x00-\x20\"'<>%\\^`{{|}}]|%{_HEX * 2}|\{{[+#./;?&=,!@|]?{_VARIABLE}(?:,{_VARIABLE})*\}})*"
)
_POINTER: t.Final = r"(?:/(?:[^~/]|~[01])*)*"
_BASE64: t.Final = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_LINE_END: t.Final = re.compile("[\n\r\u2028\u2029]")
_LOCAL: t.Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+")
_LABEL: t.Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
_BYTE: t.Final = re.compile("25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9]")
_OLD_BYTE: t.Final = re.compile("25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2}")  # as ajv-formats reads them in URIs
_OF_IPV6: t.Final = re.compile("[0-9A-Fa-f:.]+")


def conforms(name: str, value: t.Any) -> bool | None:
    """Tell whether a value has a format; None if that is not decided. A value of another type has each format."""
    if isinstance(value, str):
        check = _STRINGS.get(name)
        return True if check is None else check(value) if len(value) <= _LONGEST else None
    if name in _INTEGERS and isinstance(value, (int, float)) and not isinstance(value, bool):
        least, most = _INTEGERS[name]
        return float(value).is_integer() and least <= value <= most if abs(value) < _HUGE else None
    return True


def _matches(pattern: str) -> t.Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def _is_date(value: str) -> bool:
    found = _WHOLE_DATE.fullmatch(value)
    if found is None:
        return False
    year, month, day = map(int, found.groups())
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1] + leap


def _is_time(value: str, *, zoned: bool = True) -> bool:
    found = _WHOLE_TIME.fullmatch(value)
    if found is None or (zoned and found[4] is None):
        return False
    hour, minute, second = int(found[1]), int(found[2]), float(found[3])
    offset_hour, offset_minute = int(found[6] or 0), int(found[7] or 0)
    if offset_hour > 23 or offset_minute > 59:
        return False
    if hour <= 23 and minute <= 59 and second < 60:
        return True
    offset = (offset_hour * 60 + offset_minute) * (-1 if found[5] == "-" else 1)
    return second < 61 and hour * 60 + minute - offset in (_LAST_MINUTE, -1)


def _is_date_time(value: str, *, zoned: bool = True) -> bool:
    found = _WHOLE_DATE_TIME.fullmatch(value)
    return found is not None and _is_date(found[1]) and _is_time(found[5], zoned=zoned)


def _is_uri(value: str, form: re.Pattern[str] = _URI) -> bool:
    found = form.fullmatch(value)
    if found is None or found[1] is None:
        return found is not None
    return _FUTURE.fullmatch(found[1]) is not None or _is_ipv6(found[1], _OLD_BYTE)


def _is_ipv4(value: str, byte: re.Pattern[str] = _BYTE) -> bool:
    parts = value.split(".", 4)
    return len(parts) == 4 and all(byte.fullmatch(part) for part in parts)


def _is_ipv6(value: str, byte: re.Pattern[str] = _BYTE) -> bool:
    if not _OF_IPV6.fullmatch(value):
        return False
    head, colon, last = value.rpartition(":")
    if "." in last:
        if not colon or not _is_ipv4(last, byte):
            return False
        value = f"{head}:0:0"
    try:
        ipaddress.IPv6Address(value)
    except ValueError:
        return False
    return True


def _is_hostname(value: str) -> bool:
    name = value.removesuffix(".")
    return len(name) <= 253 and all(len(part) <= 63 and _LABEL.fullmatch(part) for part in name.split("."))


def _is_email(value: str) -> bool:
    local, _at, domain = value.partition("@")
    labels = domain.split(".")
    return (
        all(_LOCAL.fullmatch(part) for part in local.split("."))
        and len(labels) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
    )


def _is_base64(value: str) -> bool:
    """Tell whether a line is Base64: ajv-formats reads each line of a text alone."""
    return any(_BASE64.fullmatch(line) for line in _LINE_END.split(value))


_HUGE: t.Final = 10**300
_INTEGERS: t.Final = {"int32": (-(2**31), 2**31 - 1), "int64": (-_HUGE, _HUGE)}
# Names that are missing, such as idn-email, are no formats for ajv-formats, and "password" and "binary" allow anything.
_STRINGS: t.Final[t.Mapping[str, t.Callable[[str], t.Optional[bool]]]] = {
    "byte": _is_base64,
    "date": _is_date,
    "date-time": _is_date_time,
    "duration": _matches(
        r"P(?=.)(?:(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+S)?)?|[0-9]+W)"
    ),
    "email": _is_email,
    "hostname": _is_hostname,
    "ipv4": _is_ipv4,
    "ipv6": _is_ipv6,
    "iso-date-time": lambda value: _is_date_time(value, zoned=False),
    "iso-time": lambda value: _is_time(value, zoned=False),
    "json-pointer": _matches(_POINTER),
    "json-pointer-uri-fragment": _matches(rf"#(?:/(?:[A-Za-z0-9_\-.!$&'()*+,;:=@]|%{_HEX * 2}|~[01])*)*"),
    "regex": compiles,
    "relative-json-pointer": _matches(f"(?:0|[1-9][0-9]*)(?:#|{_POINTER})"),
    "time": _is_time,
    "uri": _is_uri,
    "uri-reference": lambda value: _is_uri(value, _REFERENCE),
    "uri-template": lambda value: _TEMPLATE.fullmatch(value) is not None,
    "url": is_web_url,
    "uuid": _matches(rf"(?:[uU][rR][nN]:[uU][uU][iI][dD]:)?{_HEX}{{8}}-(?:{_HEX}{{4}}-){{3}}{_HEX}{{12}}"),
}
