from __future__ import annotations

import pytest

from tests.audit.support import check, manifest, spots

HEAD = """\
use pyo3::prelude::*;
use rayon::prelude::*;
use std::fs::{self, File};
use std::process::Command;
use std::thread;
"""


def project(source: str, more: str = 'rayon = "1"\n', pyo3: str = "0.28.3") -> dict[str, str]:
    return {"Cargo.toml": manifest(pyo3) + more, "src/lib.rs": HEAD + source}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("std::fs::read(path)?;", ["std::fs::read"]),
        ("let text = fs::read_to_string(path)?;", ["fs::read_to_string"]),
        ("let mut file = File::open(path).map_err(wrap)?; file.read_to_string(&mut text)?;", ["File::open"]),
        ("for line in BufReader::new(File::open(path)?).lines() {}", ["File::open"]),
        ("let graph = serde_json::from_reader(File::open(path)?)?;", ["File::open"]),
        ("let file = File::open(path)?; let reader = Reader::new(file); for x in reader { f(x); }", ["File::open"]),
        ('let mut file = File::create(path)?; writeln!(file, "{x}")?;', ["File::create"]),
        ("let mut file = File::open(path)?; Solver::<f64>::load_from_file(&mut file)", ["File::open"]),
        ('if let Ok(mut file) = File::create(path) { file.write_all(b"a")?; }', ["File::create"]),
        ("for entry in fs::read_dir(path)? { names.push(entry?.file_name()); }", ["fs::read_dir"]),
        ("let file = File::open(path)?; let os = py.import(c)?; table.import(file)", ["File::open"]),
        ("let flame = burn(); fs::write(path, flame)?;", ["fs::write"]),
        ("thread::sleep(Duration::from_millis(5));", ["thread::sleep"]),
        ("handle.join().unwrap();", ["join"]),
        ("self.worker.take().map(|worker| worker.join());", ["join"]),
        ("Command::new(name).arg(x).output()?;", ["output"]),
        ("let mut child = Command::new(name); child.arg(x); child.status()?;", ["status"]),
        ("items\n.par_iter().map(|x| x + 1).collect::<Vec<_>>()", ["par_iter"]),
        ("self.pool.install(|| items.into_par_iter().sum::<u64>())", ["into_par_iter"]),
        ("items.par_sort_unstable();", ["par_sort_unstable"]),
        ("items.par_iter().map(|item| fs::read(item)).collect()", ["par_iter"]),
        ("rayon::join(a, b);", ["rayon::join"]),
        ("let body = reqwest::blocking::get(url)?;", ["reqwest::blocking::get"]),
        ("ureq::get(url).call()?;", ["call"]),
        ("paths.iter().map(|path| fs::read(path)).collect()", ["fs::read"]),
        ("Python::attach(|py| fs::read(path))", ["fs::read"]),
        ("fs::write(a, b)?; py.detach(|| fs::write(c, d))?;", ["fs::write"]),
    ],
)
def test_what_takes_long_is_found(body: str, found: list[str]) -> None:
    assert spots("PYO011", project(f"#[pyfunction] fn f(py: Python<'_>) {{ {body} }}")) == found
    assert spots("PYO011", project(f"#[pymethods] impl A {{ fn f(&self, py: Python<'_>) {{ {body} }} }}")) == found


@pytest.mark.parametrize(
    "body",
    [
        "py.detach(|| fs::read(path))?;",
        "py.detach(move || { let x = fs::read(path)?; use_it(x) })",
        "py.allow_threads(|| items.par_iter().map(|x| x.run()).collect())",
        "py.detach(|| paths.iter().map(|path| fs::read(path)).collect())",
        "thread::spawn(move || thread::sleep(long));",
        "let work = || fs::read(path); py.detach(work)?;",
        "future_into_py(py, async move { handle.join().await })",
        "py.detach(|| items.par_iter().map(|item| fs::read(item)).collect())",
        "py.enter_native(|| items.par_iter().sum())",
        "fs::metadata(path)?.len();",
        "fs::create_dir_all(path)?; fs::rename(path, other)?; fs::remove_file(path)?;",
        "Ok(Listing { entries: Mutex::new(fs::read_dir(path)?) })",
        "File::open(path)?; let kind: Kind = kind.parse()?; Self::from_kind(kind, move || File::open(path))",
        "let file = File::open(path)?; Ok(Self { archive: Archive::new(GzDecoder::new(file)) })",
        "match mode { Mode::W => { let file = File::create(path)?; made.sparse(file); Ok(made) } _ => self.load() }",
        "let file = File::create(path)?; self.inner.print_to_file(file);",
        "let file = File::open(path)?; let os = PyModule::import_bound(py, c)?; Ok(Lines { file, os })",
        "let file = File::open(path)?; let os = py.import(c)?; Ok(Lines { file, os })",
        "let file = File::open(path)?; let os = slf.py().import(c)?; Ok(Lines { file, os })",
        "let spans = flame::spans(); let mut file = File::create(path)?; file.write_all(report(spans).as_bytes())?;",
        "fs::write(path, self.guard.report().build::<pprof::Report>()?)?;",
        "path.exists();",
        "paths.join(name);",
        'words.join(", ");',
        "self.output();",
        "response.status();",
        "sender.send(1)?;",
        "tokio::fs::read(path);",
        "callback.call((), None)?;",
        "read(path)?;",
        "fn inner() { fs::read(path); } py.detach(inner);",
    ],
)
def test_nothing_is_said_about_what_is_detached_short_or_elsewhere(body: str) -> None:
    assert check("PYO011", project(f"#[pyfunction] fn f(py: Python<'_>) {{ {body} }}")) == []


@pytest.mark.parametrize(
    "source",
    [
        "fn f(path: &Path) { fs::read(path); }",
        "impl A { fn f(&self) { fs::read(path); } }",
        "#[pyfunction] async fn f(path: PathBuf) { fs::read(path); }",
        "#[cfg(test)] mod tests { #[pyfunction] fn f() { fs::read(path); } }",
    ],
)
def test_nothing_is_said_where_python_does_not_call(source: str) -> None:
    assert check("PYO011", project(source)) == []


def test_methods_that_look_like_rayons_are_none_without_rayon() -> None:
    source = "#[pyfunction] fn f(graph: Graph) { graph.par_iter(); }"
    assert check("PYO011", project(source, more="")) == []


def test_the_way_out_has_the_versions_name() -> None:
    source = "#[pyfunction] fn f() { fs::read(path); }"
    assert "py.detach(" in check("PYO011", project(source))[0].help
    assert "py.allow_threads(" in check("PYO011", project(source, pyo3="0.25"))[0].help
