"""How a code is written: 26 random symbols (130 bits) and two check symbols, in seven groups of four.

The alphabet is Crockford's base 32, which people can read out: no I, L, O, U. The check symbols make a Reed-Solomon
code over the field of 32 elements: every mistake in one or two symbols is seen, so also every two that changed places,
and for one wrong symbol it can be said in which group it is. So a mistyped code is told from an unknown one.
"""

import secrets
import unicodedata
from typing import Final

from transfers.codes.errors import MistypedCodeError

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM: Final = 26
LENGTH: Final = RANDOM + 2
GROUP: Final = 4
LONGEST_TYPED: Final = 200
READ_AS: Final = {"O": "0", "I": "1", "L": "1"}
"""Crockford's: what is taken for another symbol means that one."""
VALUES: Final = {symbol: value for value, symbol in enumerate(ALPHABET)}
ORDINALS: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")


def _powers() -> tuple[int, ...]:
    """The powers of the element 2 of GF(32), whose 31st is 1 again; x^5 + x^2 + 1 makes the field."""
    found, value = [], 1
    for _ in range(31):
        found.append(value)
        value <<= 1
        if value & 0b100000:
            value ^= 0b100101
    return tuple(found)


POWERS: Final = _powers()
LOGS: Final = {value: power for power, value in enumerate(POWERS)}


def new_code() -> str:
    """A new code as it is stored nowhere: 28 symbols without dashes, from the system's randomness."""
    return with_checks("".join(secrets.choice(ALPHABET) for _ in range(RANDOM)))


def with_checks(symbols: str) -> str:
    """26 symbols with their two check symbols behind them."""
    plain, weighed = _sums([VALUES[symbol] for symbol in symbols])
    first, second = POWERS[RANDOM], POWERS[RANDOM + 1]
    last = _times(weighed ^ _times(first, plain), _inverse(first ^ second))
    return f"{symbols}{ALPHABET[plain ^ last]}{ALPHABET[last]}"


def written(code: str) -> str:
    """A code in groups, as people read it.

    >>> written("0" * 28)
    '0000-0000-0000-0000-0000-0000-0000'
    """
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read_code(typed: str) -> str:
    """The code that was typed: with or without dashes or spaces, in either case, with O for 0, I or L for 1.

    Raises:
        MistypedCodeError: no code looks like this; the message says where to look.
    """
    symbols = _folded(typed)
    if not symbols:
        raise MistypedCodeError("Enter the transfer code that the administrator of the other site sent you.")
    for place, symbol in enumerate(symbols):
        if symbol not in VALUES:
            raise MistypedCodeError(_never_in_a_code(symbol, place))
    if len(symbols) != LENGTH:
        raise MistypedCodeError(
            f"A transfer code has {LENGTH} letters and digits, in seven groups of four. This has {len(symbols)}."
        )
    if where := _mistake(symbols):
        raise MistypedCodeError(f"One or more symbols of the code are mistyped or have changed places. {where}")
    return symbols


def _folded(typed: str) -> str:
    text = unicodedata.normalize("NFKC", typed[:LONGEST_TYPED]).upper()
    kept = [sign for sign in text if not sign.isspace() and unicodedata.category(sign) not in ("Pd", "Cf", "Cc")]
    return "".join(READ_AS.get(sign, sign) for sign in kept)


def _never_in_a_code(symbol: str, place: int) -> str:
    shown = symbol if symbol.isprintable() else "?"
    group = ORDINALS[min(place // GROUP, len(ORDINALS) - 1)]
    return f"\N{LEFT DOUBLE QUOTATION MARK}{shown}\N{RIGHT DOUBLE QUOTATION MARK} is in no code: see the {group} group."


def _mistake(symbols: str) -> str:
    """Where to look for a mistake, in words; empty when there is none."""
    plain, weighed = _sums([VALUES[symbol] for symbol in symbols])
    if not plain and not weighed:
        return ""
    place = LOGS[_times(weighed, _inverse(plain))] if plain and weighed else LENGTH
    if place < LENGTH:
        return f"Compare it with the e-mail, the {ORDINALS[place // GROUP]} group first."
    return "Compare it with the e-mail, group by group."


def _sums(values: list[int]) -> tuple[int, int]:
    plain = weighed = 0
    for place, value in enumerate(values):
        plain ^= value
        weighed ^= _times(POWERS[place], value)
    return plain, weighed


def _times(one: int, other: int) -> int:
    return POWERS[(LOGS[one] + LOGS[other]) % 31] if one and other else 0


def _inverse(value: int) -> int:
    return POWERS[-LOGS[value] % 31]
