from __future__ import annotations

import pytest

from tests.audit.support import check, spots

CONFIG = '[build]\nrustflags = ["--cfg", "pyo3_disable_reference_pool"]\n'
EVERYWHERE = '[target.\'cfg(all())\']\nrustflags = ["--cfg", "pyo3_disable_reference_pool"]\n'
WORKFLOW = ".github/workflows/ci.yml"
ENV = "env:\n  RUSTFLAGS: -D warnings\n"
BUILD = "jobs:\n  a:\n    steps:\n      - run: maturin build --release\n"


def project(config: str, **others: str) -> dict[str, str]:
    names = {"workflow": WORKFLOW, "gitlab": ".gitlab-ci.yml", "pyproject": "pyproject.toml"}
    return {".cargo/config.toml": config, **{names[name]: text for name, text in others.items()}}


@pytest.mark.parametrize("config", [CONFIG, EVERYWHERE, '[build]\nrustflags = "-C target-cpu=native"\n'])
@pytest.mark.parametrize(
    ("workflow", "found"),
    [
        (ENV + BUILD, "RUSTFLAGS: -D warnings"),
        ('env:\n  RUSTFLAGS: ""\n' + BUILD, 'RUSTFLAGS: ""'),
        (
            "jobs:\n  a:\n    env:\n      RUSTFLAGS: -Dwarnings\n    steps:\n      - uses: PyO3/maturin-action@v1\n",
            "RUSTFLAGS: -Dwarnings",
        ),
        (
            "jobs:\n  a:\n    steps:\n      - run: pip install -e .\n        env:\n          RUSTFLAGS: --cfg x\n",
            "RUSTFLAGS: --cfg x",
        ),
        (
            "jobs:\n  a:\n    steps:\n      - uses: pypa/cibuildwheel@v3\n        env:\n"
            "          CIBW_ENVIRONMENT_LINUX: PATH=x RUSTFLAGS='-C lto'\n",
            "CIBW_ENVIRONMENT_LINUX: PATH=x RUSTFLAGS='-C lto'",
        ),
        (
            'jobs:\n  a:\n    steps:\n      - run: RUSTFLAGS="-C opt-level=2" maturin develop\n',
            'run: RUSTFLAGS="-C opt-level=2" maturin develop',
        ),
        (
            "jobs:\n  a:\n    steps:\n      - uses: actions-rust-lang/setup-rust-toolchain@v1\n      - run: uv sync\n",
            "uses: actions-rust-lang/setup-rust-toolchain@v1",
        ),
    ],
)
def test_a_workflow_that_hides_the_flags_is_found(config: str, workflow: str, found: str) -> None:
    assert spots("PYO052", project(config, workflow=workflow)) == [found]


def test_gitlab_and_pyproject_count_too() -> None:
    gitlab = 'variables:\n  RUSTFLAGS: "-D warnings"\nwheel:\n  script:\n    - maturin build\n'
    assert spots("PYO052", project(CONFIG, gitlab=gitlab)) == ['RUSTFLAGS: "-D warnings"']
    pyproject = (
        "[tool.maturin]\nconfig = [\"target.'cfg(all())'.rustflags=['--cfg', 'pyo3_disable_reference_pool']\"]\n"
    )
    found = check("PYO052", project("", workflow=ENV + BUILD, pyproject=pyproject))
    assert [one.path for one in found] == [WORKFLOW]
    assert "pyproject.toml" in found[0].message


@pytest.mark.parametrize(
    "workflow",
    [
        BUILD,
        "env:\n  RUSTFLAGS: -D warnings --cfg pyo3_disable_reference_pool\n" + BUILD,
        "env:\n  RUSTFLAGS: --cfg=pyo3_disable_reference_pool\n" + BUILD,
        "env:\n  RUSTFLAGS: ${{ matrix.flags }}\n" + BUILD,
        "env:\n  RUSTDOCFLAGS: -D warnings\n" + BUILD,
        ENV + "jobs:\n  a:\n    steps:\n      - run: cargo clippy\n      - run: pip install maturin ruff\n",
        "jobs:\n  b:\n    env:\n      RUSTFLAGS: x\n    steps:\n      - run: cargo test\n  a:\n    steps:\n"
        "      - run: maturin build\n",
        "jobs:\n  a:\n    steps:\n      - run: cargo test\n        env:\n          RUSTFLAGS: x\n"
        "      - run: maturin build\n",
        "jobs:\n  a:\n    steps:\n      - uses: actions-rust-lang/setup-rust-toolchain@v1\n        with:\n"
        '          rustflags: ""\n      - run: maturin build\n',
        "jobs:\n  a:\n    steps:\n      - uses: dtolnay/rust-toolchain@stable\n      - run: maturin build\n",
        "- no\n- workflow\n",
    ],
)
def test_nothing_is_said_where_the_flags_arrive(workflow: str) -> None:
    assert check("PYO052", project(CONFIG, workflow=workflow)) == []


@pytest.mark.parametrize(
    "config",
    [
        "",
        '[target.x86_64-apple-darwin]\nrustflags = ["-C", "link-arg=-undefined"]\n',
        "[build]\njobs = 2\n",
    ],
)
def test_nothing_is_said_without_flags_for_all_targets(config: str) -> None:
    assert check("PYO052", project(config, workflow=ENV + BUILD), environment={"RUSTFLAGS": ""}) == []


def test_a_target_that_hides_build_is_found() -> None:
    config = CONFIG + '[target.x86_64-apple-darwin]\nrustflags = ["-C", "link-arg=-undefined"]\n'
    assert spots("PYO052", project(config)) == ['rustflags = ["-C", "link-arg=-undefined"]']


@pytest.mark.parametrize(
    "config",
    [
        CONFIG + '[target.wasm32-unknown-unknown]\nrustflags = ["-C", "x"]\n',
        CONFIG + '[target.x86_64-apple-darwin]\nrustflags = ["--cfg", "pyo3_disable_reference_pool", "-C", "x"]\n',
        EVERYWHERE + '[target.x86_64-apple-darwin]\nrustflags = ["-C", "x"]\n',
        '[target.x86_64-apple-darwin]\nrustflags = ["-C", "x"]\n[target.a]\nrustflags = ["-C", "x"]\n',
        CONFIG + '[target.x86_64-apple-darwin]\nlinker = "x"\n',
    ],
)
def test_nothing_is_said_about_targets_that_hide_nothing(config: str) -> None:
    assert check("PYO052", project(config)) == []


@pytest.mark.parametrize(
    ("config", "environment", "count"),
    [
        (CONFIG, {"RUSTFLAGS": ""}, 1),
        (CONFIG, {"CARGO_ENCODED_RUSTFLAGS": "-D\x1fwarnings"}, 1),
        (CONFIG, {"CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS": "-C lto"}, 1),
        (EVERYWHERE, {"CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS": "-C lto"}, 0),
        (CONFIG, {"RUSTFLAGS": "--cfg pyo3_disable_reference_pool"}, 0),
        (CONFIG, {"CARGO_ENCODED_RUSTFLAGS": "--cfg\x1fpyo3_disable_reference_pool"}, 0),
        (CONFIG, {}, 0),
    ],
)
def test_the_environment_of_this_process_counts(config: str, environment: dict[str, str], count: int) -> None:
    assert len(check("PYO052", project(config), environment=environment)) == count


def test_a_configuration_elsewhere_is_not_the_crates() -> None:
    texts = {"fuzz/.cargo/config.toml": CONFIG, WORKFLOW: ENV + BUILD}
    assert check("PYO052", texts) == []


STEP = "jobs:\n  a:\n    steps:\n      - run: {run}\n"
ELSEWHERE = {
    "tools/Cargo.toml": "[workspace]\n[package]\nname = 'tools'\n",
    "fuzz/Cargo.toml": "[package]\nname = 'fuzz'\n",
}


@pytest.mark.parametrize(
    "workflow",
    [
        ENV + STEP.format(run="cargo build --release --manifest-path tools/Cargo.toml"),
        ENV + STEP.format(run="cd tools && cargo build"),
        ENV + STEP.format(run="cargo build") + "        working-directory: fuzz\n",
        ENV + STEP.format(run="cargo build") + "        working-directory: ./tools/src\n",
        ENV + "defaults:\n  run:\n    working-directory: tools\n" + STEP.format(run="cargo build"),
        ENV + STEP.format(run="cargo build -p tools --release"),
        ENV + "jobs:\n  a:\n    defaults: {run: {working-directory: tools}}\n    steps:\n      - run: uv build\n",
        ENV + "jobs:\n  a:\n    steps:\n      - uses: PyO3/maturin-action@v1\n        with:\n"
        "          args: --release -m tools/Cargo.toml\n",
        ENV
        + "jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          repository: o/other\n"
        "      - run: maturin build\n",
        ENV
        + "jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          repository: o/other\n"
        "          path: other\n      - run: maturin build\n        working-directory: other/python\n",
    ],
)
def test_a_step_that_builds_something_else_is_not_reported(workflow: str) -> None:
    assert check("PYO052", {**project(CONFIG, workflow=workflow), **ELSEWHERE}) == []


@pytest.mark.parametrize(
    "workflow",
    [
        ENV + STEP.format(run="cd python && maturin build"),
        ENV + STEP.format(run="cargo build -p sample"),
        ENV + STEP.format(run="maturin build -m ./Cargo.toml"),
        ENV + STEP.format(run="maturin build -C opt-level=3"),
        ENV + STEP.format(run="maturin build") + "        working-directory: ${{ matrix.folder }}\n",
        ENV
        + "jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          repository: o/other\n"
        "          path: other\n      - run: maturin build\n",
    ],
)
def test_a_step_that_builds_the_module_in_its_folder_is_reported(workflow: str) -> None:
    assert spots("PYO052", {**project(CONFIG, workflow=workflow), **ELSEWHERE}) == ["RUSTFLAGS: -D warnings"]
