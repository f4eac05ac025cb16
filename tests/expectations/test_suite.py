"""The suites: readable, complete, and wrong ones named."""

from pathlib import Path

import pytest

from copydesk.expectations.suite import SUITES, Expectation, apply_limits, read_suite
from copydesk.transforms.quality.baselines import LearnedLimit

STAGES = [file.stem for file in sorted(SUITES.glob("*.yaml"))]


def test_every_stage_has_a_suite() -> None:
    assert sorted(STAGES) == ["clean", "dedupe", "ingest", "load", "tag"]


@pytest.mark.parametrize("stage", STAGES)
def test_suites_say_why_and_name_each_expectation_once(stage: str) -> None:
    suite = read_suite(stage)
    names = [expectation.name for expectation in suite]
    assert len(set(names)) == len(names)
    assert all(expectation.because and "  " not in expectation.because for expectation in suite)


def test_names_are_unique_over_all_suites_so_that_a_limits_file_can_use_them() -> None:
    names = [expectation.name for stage in STAGES for expectation in read_suite(stage)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("- {name: a, severity: fatal, expect: x, because: y}", "fatal"),
        ("- {name: a, severity: warning, because: y}", "expect"),
        ("- {severity: warning, expect: x, because: y}", "name"),
        ("- {name: a, severity: warning, expect: x, because: y, over: moon}", "moon"),
        ("- {name: a, severity: warning, learned: n_new, because: y}", "scale"),
        ("a: b", "list of expectations"),
        ("- [a, b", "expected"),
        ("- {name: a, severity: warning, learned: n_new, scale: depth, because: y}", "depth"),
        ("- {name: a, severity: warning, learned: n_new, scale: count, side: left, because: y}", "left"),
    ],
)
def test_a_wrong_suite_is_named(tmp_path: Path, text: str, word: str) -> None:
    (tmp_path / "clean.yaml").write_text(text)
    with pytest.raises(ValueError, match=rf"clean\.yaml.*{word}"):
        read_suite("clean", tmp_path)


def test_a_warning_where_nothing_can_be_set_aside_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tag.yaml").write_text("- {name: a, severity: warning, expect: x, because: y}")
    with pytest.raises(ValueError, match=r"tag\.yaml: a: rows cannot be quarantined after tag"):
        read_suite("tag", tmp_path)
    with pytest.raises(ValueError, match=r"clean\.yaml: .*No such file"):
        read_suite("clean", tmp_path)


def test_what_is_off_is_off_until_a_limit_turns_it_on() -> None:
    suite = read_suite("clean")
    assert "language_is_wanted" not in {each.name for each in apply_limits(suite, {})}
    wanted = {"*": {"language_is_wanted": {"severity": "warning", "value_set": ["en"]}}}
    (found,) = [each for each in apply_limits(suite, wanted) if each.name == "language_is_wanted"]
    assert found.arguments == {"column": "lang", "value_set": ["en"]}
    assert (found.severity, found.only, found.but) == ("warning", None, ())


@pytest.mark.parametrize(
    ("kind", "arguments", "words"),
    [
        ("column_values_to_be_between", {"column": "n", "min_value": 5}, "n at least 5"),
        ("column_values_to_be_between", {"column": "n", "max_value": 0.5}, "n at most 0.5"),
        (
            "column_values_to_be_between",
            {"column": "n", "min_value": 1, "max_value": 9},
            "n at least 1 and at most 9",
        ),
        ("column_values_to_be_between", {"column": "n", "min_value": 0, "max_value": 0}, "n = 0"),
        ("table_row_count_to_be_between", {"min_value": 1}, "rows at least 1"),
        ("column_values_to_be_in_set", {"column": "n", "value_set": [True]}, "n is true"),
        ("column_values_to_be_in_set", {"column": "n", "value_set": [False]}, "n is false"),
        ("column_values_to_be_in_set", {"column": "n", "value_set": [1]}, "n one of 1"),
        ("column_values_to_be_in_set", {"column": "n", "value_set": ["en", "de"]}, "n one of en, de"),
        ("column_values_to_be_in_set", {"column": "n", "value_set": []}, "n one of those you name"),
        ("column_values_to_be_unique", {"column": "n"}, "n once"),
        ("column_values_to_not_be_null", {"column": "n"}, "n given"),
        (
            *("column_values_to_be_between", {"column": "n", "min_value": 5, "mostly": 0.9}),
            "n column values to be between, min value 5, mostly 0.9",
        ),
        (
            *("column_mean_to_be_between", {"column": "n", "min_value": 5}),
            "n column mean to be between, min value 5",
        ),
        (
            "column_values_to_be_unique",
            {"column": "n", "mostly": 1},
            "n column values to be unique, mostly 1",
        ),
        ("column_to_exist", {"column": "n"}, "n column to exist"),
    ],
)
def test_what_is_asked_is_said_in_words(kind: str, arguments: dict[str, object], words: str) -> None:
    assert Expectation("a", "notice", kind, "because", arguments=arguments).asks == words


@pytest.mark.parametrize(
    ("side", "words"), [("low", "not less than"), ("high", "not more than"), ("both", "as")]
)
def test_what_is_usual_is_asked_on_one_side_or_both(side: str, words: str) -> None:
    learned = LearnedLimit("n_new", "count", side)
    assert (
        Expectation("a", "notice", "", "because", "sources", learned=learned).asks == f"n_new {words} usual"
    )


def test_a_suite_that_is_changed_is_read_again(tmp_path: Path) -> None:
    one = "- {name: a, severity: notice, expect: x, because: y}\n"
    (tmp_path / "tag.yaml").write_text(one)
    assert [each.name for each in read_suite("tag", tmp_path)] == ["a"]
    (tmp_path / "tag.yaml").write_text(one + one.replace("name: a", "name: b"))
    assert [each.name for each in read_suite("tag", tmp_path)] == ["a", "b"]
