"""Plan the adoption of a project, without writing anything."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pyo3_kit.adoption.base import merge_additions
from pyo3_kit.adoption.facts import Facts, read_facts
from pyo3_kit.adoption.groups import GROUPS, Addition, expand_groups
from pyo3_kit.adoption.infer import infer, origins_of_answers, usable
from pyo3_kit.adoption.model import Adoption, AdoptRequest, Differs, Inferred, Offer, Sure
from pyo3_kit.adoption.notes import notes
from pyo3_kit.adoption.shares import opt_outs_file, opt_outs_table
from pyo3_kit.errors import Refused
from pyo3_kit.git.run import ignore_rules
from pyo3_kit.merge.model import File, FileMerge, Outcome, Tree
from pyo3_kit.project.answers_file import read_answers
from pyo3_kit.project.location import USUAL, Project, locate, refuse_unfinished
from pyo3_kit.project.opt_outs import shares_of
from pyo3_kit.project.worktree import list_files, read_ours, refuse_untouchable
from pyo3_kit.render.cache import Renders
from pyo3_kit.render.interview import Evaluation, Interview
from pyo3_kit.render.strict import refuse_bad, refuse_missing
from pyo3_kit.template.location import TEMPLATE_URL
from pyo3_kit.template.ownership import seed_matcher
from pyo3_kit.template.versions import Version, is_ours, template_versions
from pyo3_kit.texts.listing import Entry
from pyo3_kit.transaction.journal import state
from pyo3_kit.update.answers import Ask, Draft
from pyo3_kit.update.planning import refuse_pending

Show = Callable[[Mapping[str, Inferred]], None]
Choose = Callable[[tuple[Offer, ...]], frozenset[str]]


def plan(
    request: AdoptRequest,
    ask: Ask | None = None,
    choose: Choose | None = None,
    show: Show | None = None,
    renders: Renders | None = None,
) -> Adoption:
    """Plan the adoption of the project.

    `ask` completes the answers, with the inferred ones as defaults, after `show` has displayed their origins;
    `choose` selects among the offered groups. Without them, the inferred answers and the groups of the request are
    used. Projects of a fleet share `renders`. Raises `Refused` for anything that prevents the adoption.
    """
    project = locate(request.path)
    request = _with_groups(request)
    _refuse_interrupted(project)
    refuse_pending(project)
    if (answered := _adopted(project)) is not None:
        return answered
    refuse_unfinished(project)
    name = project.answers_file
    _refuse_ignored(project, [name], f"Remove the pattern, or add the line `!{name}` behind it: the file is needed.")
    facts = read_facts(project, list_files(project), request.crate)
    versions = template_versions(TEMPLATE_URL, project.root)
    version = versions.newest() if request.to is None else versions.at(request.to)
    if renders is not None:
        return _Planning(request, project, facts, version, renders).plan(ask, choose, show)
    with Renders() as own:
        return _Planning(request, project, facts, version, own).plan(ask, choose, show)


def _refuse_interrupted(project: Project) -> None:
    """Raise `Refused` if an earlier adoption of the project is unfinished."""
    pending = state(project.place)
    if pending is not None and "adopts" in pending.meta:
        raise Refused(
            "A previous adoption of this project was interrupted.",
            "Continue with `pyo3-kit adopt --continue`, or undo it with `pyo3-kit adopt --abort`.",
            state=pending.kind,
        )


def _with_groups(request: AdoptRequest) -> AdoptRequest:
    """The request with the ids of groups; raises `Refused` for unknown ones, and if they leave no group."""
    only, without = expand_groups(request.only), expand_groups(request.without)
    if only and not set(only) - set(without):
        raise Refused(
            f"`--only {','.join(request.only)}` and `--without {','.join(request.without)}` leave no group.",
            "Use only one of them.",
        )
    return replace(request, only=only, without=without)


def _refuse_ignored(project: Project, paths: Collection[str], hint: str) -> None:
    """Raise `Refused` if Git ignores one of the files that would be added: it would not be in the commit."""
    rules = ignore_rules(project.root, paths) if paths else {}
    for path, rule in sorted(rules.items()):
        # The answers file is not replaceable; of other files the group can be left out.
        raise Refused(f"Git ignores {path}: {rule.file}:{rule.line} has the pattern `{rule.pattern}`.", hint)


def _adopted(project: Project) -> Adoption | None:
    """The plan for a project that already has answers; raises `Refused` if they are another template's."""
    for name in USUAL:
        path = project.root / name
        if not path.exists() and not path.is_symlink():
            continue
        recorded = read_answers(path)
        if not is_ours(recorded.source):
            raise Refused(
                f"The project already belongs to the template {recorded.source}.",
                f"`pyo3-kit update` works for that template too; to switch to ours, remove {name} first.",
            )
        return Adoption(
            project._replace(answers_file=name),
            recorded.source,
            recorded.commit,
            "",
            already=True,
            answers=recorded.answers,
        )
    return None


@dataclass(frozen=True, slots=True)
class _Planning:
    request: AdoptRequest
    project: Project
    facts: Facts
    version: Version
    renders: Renders

    def plan(self, ask: Ask | None, choose: Choose | None, show: Show | None) -> Adoption:
        given = self.request.data
        inferred = infer(self.facts)
        template = self.renders.open(self.version, self.project.root, self.project.answers_file)
        known = {name: found for name, found in inferred.items() if name in template.interview({}).questions}
        interview = template.interview({name: found.value for name, found in known.items()})
        known = usable(interview, known, given)
        refuse_bad(interview.evaluate(given), given)
        _refuse_other_line(inferred, interview.evaluate(given))
        answers = dict(given)
        if ask is not None:
            if show is not None:
                show(origins_of_answers(interview.evaluate(given), known, given))
            answers = dict(ask(self._draft(interview, given)))
        evaluation = interview.evaluate(answers)
        refuse_bad(evaluation, answers)
        refuse_missing(evaluation)
        _refuse_other_line(inferred, evaluation)
        return self._merged(evaluation, origins_of_answers(evaluation, known, answers), choose)

    def _draft(self, interview: Interview, given: Mapping[str, Any]) -> Draft:
        def preview(evaluation: Evaluation) -> list[Entry]:
            offers = self._offers(self._additions(evaluation, self._tree(evaluation)))
            files = self._files(evaluation, _accepted(self.request, offers))[0]
            return [Entry(one.path, len(one.result.content)) for one in files if one.writes and one.result]

        return Draft(
            interview,
            given,
            self.project.root,
            preview,
            again=True,
            finish="Continue with these answers",
            # The project keeps its own sources, so the answer would change nothing.
            locked=frozenset({"starter"}),
        )

    def _merged(self, evaluation: Evaluation, inferred: Mapping[str, Inferred], choose: Choose | None) -> Adoption:
        tree = self._tree(evaluation)
        offers = self._offers(self._additions(evaluation, tree))
        accepted = _accepted(self.request, offers)
        if choose is not None and offers and not self.request.only:
            accepted = choose(tuple(replace(one, declined=one.declined or _left_out(one, accepted)) for one in offers))
        files, differs = self._files(evaluation, accepted)
        refuse_untouchable(self.project, files, {})
        added = [one.path for one in files if one.outcome is Outcome.ADDED]
        _refuse_ignored(self.project, added, "Remove the pattern, or leave the group out with `--without`.")
        return Adoption(
            project=self.project,
            template=self.version.source.url,
            version=self.version.commit,
            crate=self.facts.crate.manifest.path,
            answers=evaluation.recorded,
            inferred=inferred,
            offers=offers,
            accepted=accepted,
            files=tuple(files),
            differs=tuple(differs),
            notes=tuple(notes(self.facts, evaluation, tree, self._reported(tree, files))),
        )

    def _tree(self, evaluation: Evaluation) -> Tree:
        return self.renders.render(self.version, evaluation, self.project.root, self.project.answers_file).tree

    def _additions(self, evaluation: Evaluation, tree: Tree) -> dict[str, list[Addition]]:
        """The additions of each group to this project, if they write something or report a difference."""
        package = str(evaluation["python_package"].value)
        return {group.id: list(group.additions(self.facts, tree, package)) for group in GROUPS}

    def _offers(self, additions: Mapping[str, list[Addition]]) -> tuple[Offer, ...]:
        found = []
        for group in GROUPS:
            paths = [one.path for one in additions[group.id]]
            ours = read_ours(self.project, paths)
            merges = [merge_additions(one.path, [one], ours.get(one.path))[0] for one in additions[group.id]]
            if written := tuple(one.path for one in merges if one.writes):
                found.append(Offer(group.id, group.title, written, group.declined(self.facts)))
        return tuple(found)

    def _files(self, evaluation: Evaluation, accepted: Iterable[str]) -> tuple[list[FileMerge], list[Differs]]:
        taken = set(accepted)
        by_path: dict[str, list[Addition]] = {}
        differs: list[Differs] = []
        tree = self._tree(evaluation)
        additions = self._additions(evaluation, tree)
        listed = {one.path for found in additions.values() for one in found}
        ours = read_ours(self.project, {*listed, *filter(None, [opt_outs_file(self.facts)])})
        for group in GROUPS:
            for one in additions[group.id]:
                if group.id in taken:
                    by_path.setdefault(one.path, []).append(one)
                if group.id in taken or not group.declined(self.facts):
                    differs += merge_additions(one.path, [one], ours.get(one.path))[1]
        if note := self._note(tree, {path for path in by_path if path not in ours}):
            by_path.setdefault(note.path, []).append(note)
        merges = [merge_additions(path, listed, ours.get(path))[0] for path, listed in sorted(by_path.items())]
        return [*(merge for merge in merges if merge.writes), self._record(tree)], differs

    def _note(self, tree: Tree, taken: Collection[str]) -> Addition | None:
        """The project's opt-outs, for its pyproject.toml."""
        path = opt_outs_file(self.facts)
        if path is None:
            return None
        rendered = self._rendered(tree)
        return opt_outs_table(path, rendered, read_ours(self.project, rendered), taken)

    def _record(self, tree: Tree) -> FileMerge:
        name = self.project.answers_file
        if name not in tree:
            raise Refused(
                f"Version {self.version.commit} of the template does not write {name}.", "Use a newer version."
            )
        reason = "it records the version and the answers"
        return FileMerge(name, Outcome.ADDED, reason, None, File(tree[name].content))

    def _reported(self, tree: Tree, files: Iterable[FileMerge]) -> list[str]:
        """The files that `pyo3-kit status` will report, although the adoption is complete."""
        rendered = self._rendered(tree)
        path = opt_outs_file(self.facts)
        ours = read_ours(self.project, {*rendered, *filter(None, [path])})
        ours |= {one.path: one.result for one in files if one.result is not None}
        matcher = self.renders.open(self.version, self.project.root, self.project.answers_file).matcher
        is_seed = seed_matcher(self.version.root, matcher)
        shares = shares_of(ours[path].content if path in ours else b"")
        listed = {name for name in rendered if is_seed(name) or shares.without(name) or shares.own(name)}
        return [name for name, file in sorted(rendered.items()) if name not in listed and ours.get(name) != file]

    def _rendered(self, tree: Tree) -> dict[str, File]:
        return {name: file for name, file in tree.items() if name != self.project.answers_file}


def _refuse_other_line(inferred: Mapping[str, Inferred], evaluation: Evaluation) -> None:
    """Raise `Refused` if the answer differs from the project's PyO3 line: the record would be wrong."""
    found, value = inferred["pyo3"], evaluation["pyo3"].value
    if found.sure is not Sure.CERTAIN or value == found.value:
        return
    newer = [int(part) for part in str(value).split(".")] > [int(part) for part in str(found.value).split(".")]
    raise Refused(
        f"The project is on PyO3 {found.value} ({found.source}), not on {value}.",
        f"Migrate it first: `pyo3-kit migrate --to {value}`." if newer else "Omit `pyo3`: it is inferred.",
    )


def _accepted(request: AdoptRequest, offers: Iterable[Offer]) -> frozenset[str]:
    taken = {one.id for one in offers if (one.id in request.only if request.only else not one.declined)}
    return frozenset(taken - set(request.without))


def _left_out(offer: Offer, accepted: frozenset[str]) -> str:
    return "" if offer.id in accepted else "excluded by `--without`"
