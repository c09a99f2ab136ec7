"""Conditions over the columns of a table, written as in SQL: `price > 3 and "body style" in ('sedan', 'wagon')`.

They are read here, word by word, into expressions of Polars. Nothing in them reaches more than the columns of the table
and the functions listed below: the reader of SQL that Polars has would open files that a condition names.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from modules.kit.errors import ColumnNotFound, NotConvertible, WrongColumnType
from modules.kit.names import listed, offer, shown
from modules.ml.columns import family_of, is_text, present
from modules.ml.values import value_of

NUMBER, TEXT, TRUTH, DATE = "a number", "text", "true or false", "a date"
MOST_WORDS = 2000
DEEPEST = 60
"""Brackets in brackets: more would overflow the stack of the engine."""

TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.])
    | '(?P<text>(?:[^']|'')*)'
    | "(?P<quoted>(?:[^"]|"")*)" | `(?P<ticked>[^`]*)` | \[(?P<bracketed>[^\]]*)\]
    | (?P<word>[^\W\d]\w*)
    | (?P<sign><>|!=|<=|>=|==|\|\||[-+*/%=<>(),])
    )""",
    re.VERBOSE,
)
COMPARISONS: Mapping[str, Callable[..., pl.Expr]] = {
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
ARITHMETIC: Mapping[str, Callable[..., pl.Expr]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
}


@dataclass(frozen=True)
class Function:
    """What may be called: what each argument must be, and what it computes of them."""

    takes: Sequence[str]
    compute: Callable[..., pl.Expr]


def _float(x: pl.Expr) -> pl.Expr:
    return x.cast(pl.Float64)


def _moment(x: pl.Expr) -> pl.Expr:
    return x.cast(pl.Datetime("us"))


FUNCTIONS: Mapping[str, Function] = {
    "abs": Function([NUMBER], lambda x: x.abs()),
    "round": Function([NUMBER], lambda x: _float(x).round(0, mode="half_away_from_zero")),
    "floor": Function([NUMBER], lambda x: _float(x).floor()),
    "ceil": Function([NUMBER], lambda x: _float(x).ceil()),
    "sqrt": Function([NUMBER], lambda x: _float(x).sqrt()),
    "ln": Function([NUMBER], lambda x: _float(x).log()),
    "exp": Function([NUMBER], lambda x: _float(x).exp()),
    "mean": Function([NUMBER], lambda x: x.mean()),
    "median": Function([NUMBER], lambda x: x.median()),
    "min": Function([NUMBER], lambda x: x.min()),
    "max": Function([NUMBER], lambda x: x.max()),
    "length": Function([TEXT], lambda x: x.str.len_chars()),
    "lower": Function([TEXT], lambda x: x.str.to_lowercase()),
    "upper": Function([TEXT], lambda x: x.str.to_uppercase()),
    "trim": Function([TEXT], lambda x: x.str.strip_chars()),
    "contains": Function([TEXT, TEXT], lambda x, y: x.str.contains(y, literal=True)),
    "starts_with": Function([TEXT, TEXT], lambda x, y: x.str.starts_with(y)),
    "ends_with": Function([TEXT, TEXT], lambda x, y: x.str.ends_with(y)),
    "year": Function([DATE], lambda x: _moment(x).dt.year()),
    "month": Function([DATE], lambda x: _moment(x).dt.month()),
    "day": Function([DATE], lambda x: _moment(x).dt.day()),
    "weekday": Function([DATE], lambda x: _moment(x).dt.weekday()),
    "hour": Function([DATE], lambda x: _moment(x).dt.hour()),
    "minute": Function([DATE], lambda x: _moment(x).dt.minute()),
}


@dataclass(frozen=True)
class Part:
    """A part of a condition: what it computes, the text that it was, and its value where it is a text in quotes."""

    expr: pl.Expr
    dtype: pl.DataType
    source: str
    literal: str | None = None
    column: str | None = None

    @property
    def family(self) -> str:
        """What its values are to people."""
        return family_of(self.dtype)


def condition(text: str, schema: Mapping[str, pl.DataType], *, parameter: str, port: str = "dataset") -> pl.Expr:
    """The rows for which a condition holds, as an expression; it is never missing.

    NaN counts as missing, and what is compared with a missing value does not hold. Raises 0001 for an unknown column,
    0002 for what cannot be read, and 0017 for values that do not go together.
    """
    reader = _Reader(text, schema, parameter, port)
    found = reader.either()
    if reader.place < len(reader.tokens):
        raise reader.unexpected("`and`, `or` or the end")
    if found.family not in (TRUTH, "empty"):
        example = f"{shown(found.source)} {'> 0' if found.family == NUMBER else 'is not missing'}"
        raise NotConvertible(
            value=shown(text),
            to="a condition",
            parameter=parameter,
            hint=f"It gives {found.family}; compare it with something, as in: {example}",
        )
    return found.expr.cast(pl.Boolean).fill_null(value=False)


class _Reader:
    """Reads a condition from left to right; each method reads what binds more tightly than the one before it."""

    def __init__(self, text: str, schema: Mapping[str, pl.DataType], parameter: str, port: str) -> None:
        self.text = text
        self.schema = schema
        self.parameter = parameter
        self.port = port
        self.place = 0
        self.depth = 0
        self.tokens: list[re.Match[str]] = []
        self.empty = pl.LazyFrame(schema=dict(schema))
        end = 0
        while text[end:].strip():
            found = TOKEN.match(text, end)
            if found is None:
                raise self.unexpected_at(end, "a name, a number, a text in single quotes or a sign")
            self.tokens.append(found)
            end = found.end()
        if len(self.tokens) > MOST_WORDS:
            raise NotConvertible(value=shown(text), to="a condition", parameter=parameter, hint="It is too long.")

    def either(self) -> Part:
        terms = [self.both()]
        while self.takes_word("or"):
            terms.append(self.both())
        return terms[0] if len(terms) == 1 else self.joined(terms, pl.any_horizontal, "or")

    def both(self) -> Part:
        terms = [self.negated()]
        while self.takes_word("and"):
            terms.append(self.negated())
        return terms[0] if len(terms) == 1 else self.joined(terms, pl.all_horizontal, "and")

    def joined(self, terms: list[Part], join: Callable[..., pl.Expr], word: str) -> Part:
        for term in terms:
            self.check(term, TRUTH)
        return self.part(lambda *tests: join(tests), f" {word} ".join(term.source for term in terms), *terms)

    def negated(self) -> Part:
        if not self.takes_word("not"):
            return self.comparison()
        self.deeper()
        found = self.negated()
        self.depth -= 1
        self.check(found, TRUTH)
        return self.part(operator.invert, f"not {found.source}", found)

    def comparison(self) -> Part:
        left = self.sum()
        sign = self.sign(*COMPARISONS)
        if sign:
            return self.compared(left, sign, self.sum())
        if self.takes_word("is"):
            is_not = self.takes_word("not")
            if not (self.takes_word("null") or self.takes_word("missing")):
                raise self.unexpected("`null`, `not null`, `missing` or `not missing`")
            test = pl.Expr.is_not_null if is_not else pl.Expr.is_null
            return self.part(test, f"{left.source} is {'not ' if is_not else ''}missing", left)
        place = self.place
        is_not = self.takes_word("not")
        found = self.membership(left)
        if found is None:
            self.place = place
            return left
        return self.part(operator.invert, f"not {found.source}", found) if is_not else found

    def membership(self, left: Part) -> Part | None:
        """What may follow `not`: in, between, like, ilike and matches."""
        if self.takes_word("in"):
            self.expect("(")
            items = [self.sum()]
            while self.sign(","):
                items.append(self.sum())
            self.expect(")")
            tests = [self.compared(left, "=", item) for item in items]
            return self.part(lambda *found: pl.any_horizontal(found), f"{left.source} in (…)", *tests)
        if self.takes_word("between"):
            low = self.sum()
            if not self.takes_word("and"):
                raise self.unexpected("`and`")
            tests = [self.compared(left, ">=", low), self.compared(left, "<=", self.sum())]
            return self.part(operator.and_, f"{left.source} between …", *tests)
        for word, flags in (("like", "(?s)"), ("ilike", "(?is)"), ("matches", "")):
            if self.takes_word(word):
                return self.matched(left, word, flags)
        return None

    def matched(self, left: Part, word: str, flags: str) -> Part:
        self.check(left, TEXT)
        right = self.primary()
        if right.literal is None:
            raise self.unexpected("a text in single quotes", back=1)
        pattern = right.literal
        if word != "matches":
            pieces = {"%": ".*", "_": "."}
            pattern = f"{flags}^{''.join(pieces.get(letter) or re.escape(letter) for letter in pattern)}$"
        try:
            pl.Series(["x"]).str.contains(pattern)
        except pl.exceptions.PolarsError:
            raise NotConvertible(value=pattern, to="a regular expression", parameter=self.parameter) from None
        return self.part(lambda text: text.str.contains(pattern), f"{left.source} {word} {right.source}", left)

    def sum(self) -> Part:
        left = self.product()
        while sign := self.sign("+", "-", "||"):
            left = self.concatenated(left) if sign == "||" else self.calculated(left, sign, self.product())
        return left

    def concatenated(self, left: Part) -> Part:
        right = self.product()
        for part in (left, right):
            self.check(part, TEXT)
        return self.part(operator.add, f"{left.source} || {right.source}", left, right)

    def product(self) -> Part:
        left = self.signed()
        while sign := self.sign("*", "/", "%"):
            left = self.calculated(left, sign, self.signed())
        return left

    def calculated(self, left: Part, sign: str, right: Part) -> Part:
        for part in (left, right):
            self.check(part, NUMBER)
        return self.part(ARITHMETIC[sign], f"{left.source} {sign} {right.source}", left, right)

    def signed(self) -> Part:
        if not self.sign("-"):
            return self.primary()
        self.deeper()
        found = self.signed()
        self.depth -= 1
        self.check(found, NUMBER)
        return self.part(operator.neg, f"-{found.source}", found)

    def primary(self) -> Part:
        if self.place == len(self.tokens):
            raise self.unexpected("a column, a number or a text in single quotes")
        token = self.tokens[self.place]
        kind, source = token.lastgroup, token.group().strip()
        self.place += 1
        match kind:
            case "number":
                value = int(source) if source.isdigit() and len(source) < 19 else float(source)
                return self.part(lambda: pl.lit(value), source)
            case "text":
                literal = token["text"].replace("''", "'")
                return Part(pl.lit(literal), pl.String(), source, literal)
            case "quoted" | "ticked" | "bracketed":
                return self.column(token[kind].replace('""', '"') if kind == "quoted" else token[kind], source)
            case "sign" if source == "(":
                self.deeper()
                found = self.either()
                self.depth -= 1
                self.expect(")")
                return Part(found.expr, found.dtype, f"({found.source})", found.literal, found.column)
            case "word":
                return self.word(source)
        raise self.unexpected("a column, a number or a text in single quotes", back=1)

    def word(self, word: str) -> Part:
        if self.sign("("):
            return self.called(word)
        if word not in self.schema and word.lower() in ("true", "false"):
            return self.part(lambda: pl.lit(word.lower() == "true"), word)
        if word not in self.schema and word.lower() == "null":
            return self.part(lambda: pl.lit(None), word)
        return self.column(word, word)

    def called(self, name: str) -> Part:
        function = FUNCTIONS.get(name.lower())
        if function is None:
            raise NotConvertible(
                value=name,
                to=f"a function{offer(name, FUNCTIONS)}",
                parameter=self.parameter,
                hint=f"The functions are {listed(FUNCTIONS)}.",
            )
        self.deeper()
        arguments = [self.either()]
        while self.sign(","):
            arguments.append(self.either())
        self.depth -= 1
        self.expect(")")
        if len(arguments) != len(function.takes):
            raise NotConvertible(
                value=f"{name} with {len(arguments)} values",
                to=f"a call; it takes {len(function.takes)}",
                parameter=self.parameter,
            )
        for part, family in zip(arguments, function.takes, strict=True):
            self.check(part, family)
        source = f"{name}({', '.join(part.source for part in arguments)})"
        return self.part(function.compute, source, *arguments)

    def column(self, name: str, source: str) -> Part:
        if name not in self.schema:
            raise ColumnNotFound(name, port=self.port, available=list(self.schema), parameter=self.parameter)
        dtype = self.schema[name]
        expr = present(name, dtype)
        if is_text(dtype):
            return Part(expr.cast(pl.String), pl.String(), source, column=name)
        if isinstance(dtype, pl.Datetime):
            return Part(expr.dt.replace_time_zone(None), pl.Datetime(dtype.time_unit), source, column=name)
        return Part(expr, dtype, source, column=name)

    def compared(self, left: Part, sign: str, right: Part) -> Part:
        left, right = self.typed(left, right), self.typed(right, left)
        if left.family != right.family and "empty" not in (left.family, right.family):
            raise NotConvertible(
                value=f"{left.source} {sign} {right.source}",
                to="a comparison",
                parameter=self.parameter,
                column=left.column or right.column,
                hint=f"{left.source} is {left.family} and {right.source} is {right.family}.",
            )
        if left.family == right.family == DATE and left.dtype != right.dtype:
            left, right = (self.part(_moment, part.source, part) for part in (left, right))
        return self.part(COMPARISONS[sign], f"{left.source} {sign} {right.source}", left, right)

    def typed(self, part: Part, other: Part) -> Part:
        """A text in quotes read as what it is compared with, such as a date."""
        if part.literal is None or other.family in (TEXT, "empty"):
            return part
        try:
            value = value_of(part.literal, other.dtype)
        except ValueError:
            raise NotConvertible(
                value=part.literal, to=other.family, parameter=self.parameter, column=other.column
            ) from None
        return Part(pl.lit(value, dtype=other.dtype), other.dtype, part.source)

    def check(self, part: Part, family: str) -> None:
        """Raise 0017 or 0002 where a part is not what is needed."""
        if part.family in (family, "empty"):
            return
        if part.column is not None:
            raise WrongColumnType(
                part.column, found=part.family, expected=family, port=self.port, parameter=self.parameter
            )
        raise NotConvertible(
            value=part.source, to=family, parameter=self.parameter, hint=f"It is {part.family}, and {family} is needed."
        )

    def part(self, compute: Callable[..., pl.Expr], source: str, *of: Part) -> Part:
        """What is computed of other parts, with the type that the engine gives it; what has no answer is missing."""
        stand_ins = pl.LazyFrame(schema={str(place): part.dtype for place, part in enumerate(of)} or {"0": pl.Null})
        try:
            expr = compute(*(pl.col(str(place)) for place in range(len(of))))
            dtype = stand_ins.select(expr.alias("x")).collect_schema()["x"]
        except pl.exceptions.PolarsError as error:
            raise NotConvertible(
                value=shown(source), to="a condition", parameter=self.parameter, hint=str(error).partition("\n")[0]
            ) from None
        found = compute(*(part.expr for part in of))
        return Part(found.fill_nan(None) if dtype.is_float() else found, dtype, source)

    def takes_word(self, word: str) -> bool:
        """Pass over a word of the language, if it is next."""
        here = self.place < len(self.tokens) and (self.tokens[self.place]["word"] or "").lower() == word
        self.place += here
        return here

    def sign(self, *signs: str) -> str | None:
        """Pass over one of some signs, if it is next, and give it."""
        found = self.tokens[self.place]["sign"] if self.place < len(self.tokens) else None
        if found not in signs:
            return None
        self.place += 1
        return found

    def expect(self, sign: str) -> None:
        if not self.sign(sign):
            raise self.unexpected(f"`{sign}`")

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.unexpected("fewer brackets in brackets")

    def unexpected(self, expected: str, *, back: int = 0) -> NotConvertible:
        """The error that something else is expected here, or some words back."""
        place = self.place - back
        return self.unexpected_at(self.tokens[place].start() if place < len(self.tokens) else len(self.text), expected)

    def unexpected_at(self, start: int, expected: str) -> NotConvertible:
        """The error that something else is expected at a character."""
        rest = self.text[start:].lstrip()
        place = len(self.text) - len(rest) + 1
        hint = f"At character {place}, `{shown(rest[:20])}`, {expected} is expected."
        return NotConvertible(
            value=shown(self.text),
            to="a condition",
            parameter=self.parameter,
            hint=hint if rest else f"It ends where {expected} is expected.",
        )
