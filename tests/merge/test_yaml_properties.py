"""Random workflows: what only one side changed is there or named, whatever the other side did."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pyo3_kit.merge.model import Labels, Merged
from pyo3_kit.merge.yaml import merge, merge_by_key

Facts = dict[tuple[str, ...], str]
NAMES = ["build", "check", "lint", "test", "wheels"]
FIELDS = ["env", "if", "shell", "timeout", "working-directory"]


@dataclass
class Step:
    name: str
    fields: dict[str, str]


@dataclass
class Job:
    fields: dict[str, str]
    versions: list[str]
    steps: list[Step]


@dataclass
class Look:
    """How somebody writes."""

    indented: bool = True
    width: int = 2
    quote: str = ""
    flow: bool = True
    remarks: dict[tuple[str, ...], str] = field(default_factory=dict)


Workflow = dict[str, Job]


def written(workflow: Workflow, look: Look) -> str:
    lines = ["name: CI", "", "jobs:"]

    def add(depth: int, text: str, at: tuple[str, ...]) -> None:
        indent = " " * depth
        if at in look.remarks:
            lines.append(f"{indent}# {look.remarks[at]}")
        lines.append(indent + text)

    def value(text: str) -> str:
        return f"{look.quote}{text}{look.quote}"

    w = look.width
    item = w if look.indented else 0
    for number, (name, job) in enumerate(workflow.items()):
        if number:
            lines.append("")
        add(w, f"{name}:", (name,))
        for key, text in job.fields.items():
            add(2 * w, f"{key}: {value(text)}", (name, key))
        if look.flow:
            add(2 * w, f"python: [{', '.join(value(v) for v in job.versions)}]", (name, "python"))
        elif job.versions:
            add(2 * w, "python:", (name, "python"))
            for version in job.versions:
                add(2 * w + item, f"- {value(version)}", (name, "python", version))
        if job.steps:
            add(2 * w, "steps:", (name, "steps"))
        for step in job.steps:
            add(2 * w + item, f"- name: {step.name}", (name, "steps", step.name))
            for key, text in step.fields.items():
                add(2 * w + item + 2, f"{key}: {value(text)}", (name, "steps", step.name, key))
    return "\n".join(lines) + "\n"


def facts(workflow: Workflow) -> Facts:
    found: Facts = {}
    for name, job in workflow.items():
        for key, text in job.fields.items():
            found[name, key] = text
        for version in job.versions:
            found[name, "python", version] = version
        for step in job.steps:
            for key, text in step.fields.items():
                found[name, "steps", step.name, key] = text
    return found


def read(text: str) -> Facts:
    found: Facts = {}
    for name, job in (yaml.safe_load(text)["jobs"] or {}).items():
        assert set(job) <= {"python", "steps", *FIELDS}, "no key that nobody wrote"
        for key, value in job.items():
            if key == "python":
                assert len(set(value)) == len(value)
                found |= {(name, key, version): version for version in value}
            elif key == "steps":
                assert len({step["name"] for step in value}) == len(value)
                for step in value:
                    found |= {(name, key, step["name"], k): v for k, v in step.items() if k != "name"}
            else:
                found[name, key] = value
    return found


words = st.sampled_from([f"w{number}" for number in range(12)])
some_fields = st.dictionaries(st.sampled_from(FIELDS), words, min_size=1, max_size=4)
steps = st.builds(Step, st.sampled_from(["Build", "Check", "Install", "Tests", "Upload"]), some_fields)
jobs = st.builds(
    Job,
    some_fields,
    st.lists(st.sampled_from(["v10", "v11", "v12", "v13", "v14"]), unique=True, min_size=1, max_size=4),
    st.lists(steps, unique_by=lambda step: step.name, min_size=1, max_size=4),
)
workflows = st.dictionaries(st.sampled_from(NAMES), jobs, min_size=1, max_size=3)
looks = st.builds(
    Look, st.booleans(), st.sampled_from([2, 4]), st.sampled_from(["", "'", '"']), st.booleans(), st.just({})
)


@st.composite
def edited(draw: st.DrawFn, base: Workflow, who: str) -> Workflow:
    """A workflow after some edits; every new word says who wrote it."""
    result = copy.deepcopy(base)
    fresh = (f"{who}{number}" for number in range(1000))
    for _ in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(["set", "set", "version", "drop version", "step", "step", "field", "job", "drop"]))
        if kind == "job":
            name = next(fresh)
            result[name] = Job({"if": next(fresh)}, [next(fresh)], [Step(next(fresh), {"env": next(fresh)})])
            continue
        if not result:
            continue
        name = draw(st.sampled_from(sorted(result)))
        job = result[name]
        at = draw(st.integers(0, 3))
        if kind == "set":
            key = draw(st.sampled_from(FIELDS))
            job.fields[key] = next(fresh)
        elif kind == "version":
            job.versions.insert(at, next(fresh))
        elif kind == "drop version" and len(job.versions) > 1:
            del job.versions[at % len(job.versions)]
        elif kind == "step":
            job.steps.insert(at, Step(next(fresh), {draw(st.sampled_from(FIELDS)): next(fresh)}))
        elif kind == "field" and job.steps:
            job.steps[at % len(job.steps)].fields[draw(st.sampled_from(FIELDS))] = next(fresh)
        elif kind == "drop" and draw(st.booleans()):
            del result[name]
        elif kind == "drop" and len(job.steps) > 1:
            del job.steps[at % len(job.steps)]
    return result


@st.composite
def triples(draw: st.DrawFn) -> tuple[Workflow, Workflow, Workflow, Look, Look]:
    base = draw(workflows)
    ours, theirs = draw(edited(base, "o")), draw(edited(base, "t"))
    return base, ours, theirs, draw(looks), draw(looks)


def remarked(workflow: Workflow, look: Look, who: str, every: int) -> Look:
    """The look, with a comment before every so many lines."""
    places: list[tuple[str, ...]] = []
    for name, job in workflow.items():
        places += [(name,), *((name, key) for key in job.fields), (name, "python"), (name, "steps")]
        for step in job.steps:
            places += [(name, "steps", step.name), *((name, "steps", step.name, key) for key in step.fields)]
    remarks = {place: f"{who} says {number}." for number, place in enumerate(places) if number % every == 0}
    return Look(look.indented, look.width, look.quote, look.flow, remarks)


def named(result: Merged, path: tuple[str, ...], word: str) -> bool:
    """Whether the report names a place or the word there."""
    for one in result.conflicts:
        texts = [text for text in (one.base, one.ours, one.theirs) if text]
        if any(word in text for text in texts):
            return True
        if one.key and all(part in one.key for part in path[:1]) and len(path) == 2 and one.key.endswith(path[-1]):
            return True
    return False


def check(result: Merged, base: Workflow, ours: Workflow, theirs: Workflow) -> None:
    b, o, t, merged = facts(base), facts(ours), facts(theirs), read(result.text)
    for path, word in o.items():
        if word != b.get(path):
            assert merged.get(path) == word or named(result, path, word), f"the user's {path} is lost"
    for path, word in t.items():
        if word != b.get(path) and not _left_out(path, base, ours):
            assert merged.get(path) == word or named(result, path, word), f"the template's {path} is lost"
    for path, word in b.items():
        gone = [path not in side for side in (o, t)]
        if any(gone) and merged.get(path) == word:
            assert gone == [False, True], f"{path} came back"
            assert named(result, path, word), f"{path} stayed"
    known = {*o.items(), *t.items()}
    for path, word in merged.items():
        if (path, word) not in known:
            assert _kept_in_renamed(path, word, base, theirs), f"{path} comes from nowhere"
            assert named(result, path, word), f"{path} stayed"


def _left_out(path: tuple[str, ...], base: Workflow, ours: Workflow) -> bool:
    """Whether the user deleted the job or step that `path` is in."""
    name = path[0]
    if name in base and name not in ours:
        return True
    if len(path) == 4 and name in base:
        was, now = ({step.name for step in side[name].steps} for side in (base, ours))
        return path[2] in was - now
    return False


def _kept_in_renamed(path: tuple[str, ...], word: str, base: Workflow, theirs: Workflow) -> bool:
    """Whether the template renamed the step that `path` is in and dropped this key, above which the user has a comment.

    The key stays with its comment, in the step that has the new name.
    """
    name = path[0]
    if len(path) != 4 or name not in base or name not in theirs:
        return False
    was, now = ({step.name for step in side[name].steps} for side in (base, theirs))
    before = facts(base)
    return path[2] in now - was and any(before.get((*path[:2], step, path[3])) == word for step in was - now)


fast = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
thorough = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))


def merged_in_looks(triple: tuple[Workflow, Workflow, Workflow, Look, Look], function: Any) -> Merged:
    base, ours, theirs, look, other = triple
    texts = (written(base, look), written(ours, other), written(theirs, look))
    result: Merged = function("ci.yml", *texts, Labels())
    assert result is not None
    return result


CASES = [pytest.param(merge, id="merge"), pytest.param(merge_by_key, id="by key alone")]


@pytest.mark.parametrize("function", CASES)
def test_random(function: Any) -> None:
    @fast
    @given(triples())
    def run(triple: tuple[Workflow, Workflow, Workflow, Look, Look]) -> None:
        check(merged_in_looks(triple, function), *triple[:3])

    run()


@pytest.mark.slow
@pytest.mark.parametrize("function", CASES)
def test_random_many(function: Any) -> None:
    @thorough
    @given(triples())
    def run(triple: tuple[Workflow, Workflow, Workflow, Look, Look]) -> None:
        check(merged_in_looks(triple, function), *triple[:3])

    run()


def renamed_step() -> tuple[Workflow, Workflow, Workflow, Look, Look]:
    """The template renames a step and drops its `if`, above which the user has a comment."""
    others = [Step("Check", {"env": "w0"}), Step("Install", {"env": "w0"})]
    base = {"build": Job({"env": "w0"}, ["v10"], [*others, Step("Build", {"env": "w0", "if": "w0"})])}
    ours = {"build": Job({"env": "o0"}, ["v10"], [*others, Step("Build", {"env": "w0", "if": "w0"})])}
    theirs = {"build": Job({"env": "w0"}, ["v10"], [*others, Step("t0", {"env": "t1"})])}
    look = Look(False, 2, "", False, {})
    return base, ours, theirs, look, look


@fast
@given(triples(), st.integers(2, 5))
@example(renamed_step(), 2)
def test_the_users_comments_stay(triple: tuple[Workflow, Workflow, Workflow, Look, Look], every: int) -> None:
    base, ours, theirs, look, other = triple
    texts = (written(base, look), written(ours, remarked(ours, other, "I", every)), written(theirs, look))
    result = merge("ci.yml", *texts, Labels())
    assert result is not None
    said = [line.strip() for line in texts[1].split("\n") if line.lstrip().startswith("#")]
    assert all(line in result.text for line in said)
    check(result, base, ours, theirs)


@fast
@given(triples(), st.integers(2, 5))
def test_an_unchanged_side_gives_the_other(triple: tuple[Workflow, Workflow, Workflow, Look, Look], every: int) -> None:
    base, ours, _, look, other = triple
    one, two = written(base, look), written(ours, remarked(ours, other, "I", every))
    assert merge_by_key("ci.yml", one, two, one, Labels()) == Merged(two)
    assert merge("ci.yml", one, one, two, Labels()) == Merged(two)
    assert merge("ci.yml", one, two, two, Labels()) == Merged(two)
