"""Boilerplate rules, read from seeds/boilerplate/, and how a rule matches lines."""

import re
import tomllib
from dataclasses import dataclass

import polars as pl

WHERE = ("line", "top", "label", "tail", "run", "glue", "span")
FIELDS = ("byline", "credit")


@dataclass(frozen=True)
class Rule:
    """One entry of seeds/boilerplate/; the head comment of its first file describes the fields."""

    name: str
    where: str
    score: float
    patterns: tuple[str, ...]
    max_chars: int
    removed: tuple[str, ...]
    kept: tuple[str, ...]

    @property
    def alternatives(self) -> str:
        """All patterns as one group without names (Rust regex allows a name once)."""
        return "(?:" + re.sub(r"\(\?P<\w+>", "(?:", "|".join(self.patterns)) + ")"

    @property
    def whole_line(self) -> str:
        """The pattern of a line that this rule matches as a whole."""
        return f"(?i)^{self.alternatives}$"


def parse_rules(toml: str) -> tuple[Rule, ...]:
    """Parse rules from TOML text, in its order.

    Raises ValueError, naming the rule, for a missing or unknown field, an unknown place or a bad pattern.
    """
    rules = []
    for entry in tomllib.loads(toml).get("rule", []):
        try:
            rules.append(_read_rule(**entry))
        except (TypeError, ValueError, pl.exceptions.PolarsError) as error:
            raise ValueError(f"boilerplate rule {entry.get('name')!r}: {error}") from error
    return tuple(rules)


def _read_rule(
    *,
    name: str,
    where: str,
    score: float,
    patterns: list[str],
    removed: list[str],
    kept: list[str],
    max_chars: int = 300,
) -> Rule:
    """Return the rule of one TOML entry. Raises TypeError, ValueError or PolarsError."""
    rule = Rule(name, where, score, tuple(patterns), max_chars, tuple(removed), tuple(kept))
    if where not in WHERE:
        raise ValueError(f"where = {where!r} is none of {', '.join(WHERE)}")
    pl.select(pl.lit("").str.contains(rule.whole_line))  # compiles the pattern
    return rule


def match_rule(rule: Rule) -> pl.Expr:
    """Return an expression: whether the rule matches a line's whole `body`."""
    start = pl.col("body").str.head(rule.max_chars + 1)  # a line of a megabyte costs no more than its start
    return (start.str.len_chars() <= rule.max_chars) & start.str.contains(rule.whole_line)


def find_first_match(bodies: pl.DataFrame, rules: list[Rule]) -> pl.DataFrame:
    """Return body and rule (the name of the first rule that matches the whole line) for the lines that some
    rule matches.

    `bodies` has the column body. Each distinct text is tested once: half the lines of scraped pages are
    repeated.
    """
    longest = max((rule.max_chars for rule in rules), default=0)
    texts = (
        bodies.select("body")
        .filter(pl.col("body").str.len_bytes() <= 4 * longest)  # UTF-8: at most four bytes per character
        .unique(maintain_order=True)
        .with_columns(n_chars=pl.col("body").str.len_chars())
    )
    found = [
        pl.when((pl.col("n_chars") <= rule.max_chars) & pl.col("body").str.contains(rule.whole_line)).then(
            pl.lit(number, dtype=pl.Int16)
        )
        for number, rule in enumerate(rules)
    ]
    names = dict(enumerate(rule.name for rule in rules))
    return (
        texts.select("body", rule=pl.coalesce(*found, pl.lit(None, pl.Int16)))
        .drop_nulls()
        .with_columns(pl.col("rule").replace_strict(names, return_dtype=pl.String))
    )


def extract_field(rules: tuple[Rule, ...], name: str) -> pl.Expr:
    """Return what the named group `name` captures in a line that a rule with this group removed, else null."""
    found = [
        pl.when(pl.col("rule") == rule.name).then(
            pl.col("body").str.extract(f"(?i)^(?:{keep_group(pattern, name)})$")
        )
        for rule in rules
        for pattern in rule.patterns
        if f"(?P<{name}>" in pattern
    ]
    return pl.coalesce(*found, pl.lit(None, pl.String))


def keep_group(pattern: str, name: str) -> str:
    """Return `pattern` with `name` as its first and only capturing group."""
    return re.sub(r"\(\?P<(\w+)>", lambda m: "(" if m[1] == name else "(?:", pattern)
