from __future__ import annotations

import pytest

from tests.audit.support import check, spots

HEAD = "use pyo3::prelude::*;\n"


def function(body: str) -> str:
    return f"{HEAD}#[pyfunction]\nfn f(text: &str, items: Vec<u8>, value: Option<u8>) {{ {body} }}"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("let n: u8 = text.parse().unwrap();", [".unwrap()"]),
        ("let n = value.unwrap();", [".unwrap()"]),
        ('let n = value.expect("a value is needed");', ['.expect("a value is needed")']),
        ('let n = std::fs::read(text).expect("readable");', ['.expect("readable")']),
        ("let n = table.get(&text).unwrap();", [".unwrap()"]),
        ("let text = text.trim(); let n = table.get(text).unwrap();", [".unwrap()"]),
        ("let n: u8 = object.getattr(NAME)?.extract().unwrap();", [".unwrap()"]),
        ("let n = state.get_item(NAME)?.unwrap();", [".unwrap()"]),
        ('let n = std::env::var("HOME").unwrap();', [".unwrap()"]),
        ("let n = text\n.parse::<u8>()\n.unwrap();", ["unwrap"]),
        ("let n = Regex::new(text).unwrap();", [".unwrap()"]),
        ("if value.is_some() {}; let n = items.first().unwrap();", [".unwrap()"]),
        ("Python::attach(|py| text.parse::<u8>().unwrap());", [".unwrap()"]),
        ("let a = text.find('a').unwrap() + text.find('b').unwrap();", [".unwrap()", ".unwrap()"]),
        ("let n = archive.read(text).unwrap();", [".unwrap()"]),
        ("if text == NONE { return; } let n: u8 = text.parse().unwrap();", [".unwrap()"]),
        ("if text.len() < 9 { return; } let n = table.get(&text, &items).unwrap();", [".unwrap()"]),
        ("let n = state.set_item(text, 1).unwrap();", [".unwrap()"]),
        ("let n = object.cast::<PyDict>().unwrap();", [".unwrap()"]),
        ("let part = text.trim(); let n: u8 = part.parse().unwrap();", [".unwrap()"]),
        ("let (a, b) = text.split_at(2); let n = b.parse::<u8>().unwrap();", [".unwrap()"]),
        ("let parts = text.split(','); let mut all = parts.rev(); all.next().unwrap();", [".unwrap()"]),
        ("text.split(',').map(|part| part.parse::<u8>().unwrap()).sum()", [".unwrap()"]),
        ("py.detach(|| text.parse::<u8>().unwrap());", [".unwrap()"]),
        ("for part in text.split(',') { part.parse::<u8>().unwrap(); }", [".unwrap()"]),
        ("match text.split_once(':') { Some((a, _)) => a.parse::<u8>().unwrap(), None => 0 };", [".unwrap()"]),
        ("if let Some((a, _)) = text.split_once(':') { a.parse::<u8>().unwrap(); }", [".unwrap()"]),
        ("match items.first() { Some(_) => text[2..].parse::<u8>().unwrap(), None => 0 };", [".unwrap()"]),
        ("if items.is_empty() { return; } let n = table.find(text, &items).unwrap();", [".unwrap()"]),
        ("let n = text.len(); let part = text.rsplit(':').next().unwrap();", [".unwrap()"]),
        ("if text.len() > 2 { text.parse::<u8>().unwrap(); }", [".unwrap()"]),
        ("if text.is_empty() { return; } let n: u8 = text.parse().unwrap();", [".unwrap()"]),
        ("let n = self.items.get(text).unwrap();", [".unwrap()"]),
    ],
)
def test_what_can_panic_is_found(body: str, found: list[str]) -> None:
    assert spots("PYO111", function(body)) == found


def test_methods_are_exposed_too() -> None:
    source = "#[pymethods] impl A { #[new] fn new(x: &str) -> Self { A(x.parse::<u8>().unwrap()) } }"
    assert spots("PYO111", f"{HEAD}#[pyclass] struct A(u8);\n{source}") == [".unwrap()"]


@pytest.mark.parametrize(
    "body",
    [
        "let n: u8 = text.parse()?;",
        "let n = value.unwrap_or(0);",
        "let n = value.unwrap_or_default();",
        "let n = state.lock().unwrap();",
        "let n = state.read().unwrap().len();",
        'let re = Regex::new(r"a+").unwrap();',
        'let n: u8 = "1".parse().unwrap();',
        "let n = NonZeroUsize::new(8).unwrap();",
        "let n = Regex::new(PATTERN).unwrap();",
        'write!(out, "{}", n).unwrap();',
        'match value { Some(n) => write!(out, "{n}"), None => write!(out, "-") }.expect("written");',
        "let n = 5.into_pyobject(py).unwrap();",
        "let n = Py::new(py, Value).unwrap();",
        "let n = PyList::new(py, items).unwrap();",
        "let n = STATE.get(py).unwrap();",
        "let n: u32 = text.len().try_into().unwrap();",
        "let n: [u8; 8] = text.as_bytes()[..8].try_into().unwrap();",
        "out.write_all(text.as_bytes()).unwrap();",
        "if value.is_none() { return; } let n = value.unwrap();",
        "if k == 1 || value.is_some() && value.unwrap() != k { return; }",
        "let same = value.is_some() && value.unwrap() == 1;",
        "if items.is_empty() { return; } let n = items.iter().max().unwrap();",
        "if items.len() == 1 { let n = items.first().unwrap(); }",
        'let n = value.expect("checked by the caller");',
        "parser.expect(Token::Comma);",
        "parser.unwrap(3);",
        "let n = self.graph.weight(edge).unwrap();",
        "for edge in self.graph.edges() { self.graph.weight(edge).unwrap(); }",
        "let key = text.trim(); let n = table.get(key).unwrap();",
        "if items.len() < 9 { return; } let n = hash(&items).unwrap();",
        'if text == "" { return; } let n = CString::new(format!("no {text}")).unwrap();',
        "let found = PyDict::new(py); for (k, v) in all() { found.set_item(k, v).unwrap(); }",
        "let found: Bound<'_, PyList> = pyo3::types::PyList::empty(py); found.append(text).unwrap();",
        "let n = self.series.cast(&DataType::UInt8).unwrap();",
        "future_into_py(py, async move { spawn(text).await.unwrap() })",
        "let n = worker.as_ref().unwrap();",
        "let n = self.key.ec().unwrap();",
        "let n = self.text.find('a').unwrap();",
        "fn inner(x: &str) -> u8 { x.parse().unwrap() }",
        "let kind = text.parse().unwrap(); render(kind);",
        "let open = Arc::new(move || { fs::read(text).unwrap() });",
        "Body { open: Box::new(|| fs::read(text).unwrap()) }",
        "pool.spawn(move || { text.parse::<u8>().unwrap(); });",
        "let open = || text.parse::<u8>().unwrap();",
        "let kind: Kind = text.parse().unwrap();",
        "let kind = text.parse::<crate::Kind>().unwrap();",
        "let n = serde_json::to_string(&items).unwrap();",
        "let n = self.try_sign(text).unwrap();",
        "make(text).map(|data| { data.bind(py).cast::<PyBytes>().unwrap().as_bytes().len() })",
        "let made = make(text)?; let n = made.bind(py).cast::<PyBytes>().unwrap();",
        "for made in make_all(text) { made.cast::<PyBytes>().unwrap(); }",
        "if let Some(made) = make(text) { made.extract::<u8>().unwrap(); }",
        "let parts = text.split(','); if parts.is_empty() { return; } parts.first().unwrap();",
        "assert!(!items.is_empty()); items.first().unwrap();",
        "text.lines().filter(|line| !line.is_empty()).map(|line| line.chars().next().unwrap()).collect()",
    ],
)
def test_nothing_is_said_where_it_cannot_be_or_is_something_else(body: str) -> None:
    assert check("PYO111", function(body)) == []


@pytest.mark.parametrize(
    "source",
    [
        "fn f(text: &str) { text.parse::<u8>().unwrap(); }",
        "impl A { fn f(&self) { self.0.unwrap(); } }",
        "#[cfg(test)] mod tests { #[pyfunction] fn f(x: Option<u8>) { x.unwrap(); } }",
        '#[pyfunction]\n#[expect(clippy::unwrap_used, reason = "so")]\nfn f(x: Option<u8>) { x.unwrap(); }',
        '#[pyfunction]\n#[allow(clippy::expect_used)]\nfn f(x: Option<u8>) { x.expect("x"); }',
    ],
)
def test_nothing_is_said_outside_exposed_functions_and_where_it_is_allowed(source: str) -> None:
    assert check("PYO111", HEAD + source) == []


def test_what_an_own_class_holds_is_its_own() -> None:
    source = f"{HEAD}#[pyclass] struct Graph;\n#[pyfunction] fn f(graph: &Graph) {{ graph.first().unwrap(); }}"
    assert check("PYO111", source) == []
    assert check("PYO111", source.replace("&Graph", "PyRef<'_, Graph>")) == []
    assert spots("PYO111", source.replace("&Graph", "&Bound<'_, PyDict>")) == [".unwrap()"]


def test_a_text_is_parsed_to_what_the_function_returns() -> None:
    source = f"{HEAD}#[pyfunction]\nfn f(text: &str) -> {{}} {{{{ text.parse().unwrap() }}}}"
    assert spots("PYO111", source.format("u16")) == [".unwrap()"]
    assert check("PYO111", source.format("Kind")) == []


@pytest.mark.parametrize("call", ["made.call0()?.cast::<PyDict>()", "made.getattr(NAME)?.extract::<u8>()"])
def test_what_an_own_object_answers_is_not_known(call: str) -> None:
    assert spots("PYO111", function(f"let made = make(text)?; let n = {call}.unwrap();")) == [".unwrap()"]


@pytest.mark.parametrize(
    "closure",
    [
        "let make: Arc<dyn Fn() -> File> = Arc::new(move || File::open(&*path).unwrap());",
        "let make = Some(move || File::open(path).unwrap());",
        "thread::spawn(move || File::open(path).unwrap());",
        "runtime.spawn_blocking(move || File::open(path).unwrap());",
        "std::panic::catch_unwind(|| File::open(path).unwrap());",
    ],
)
def test_nothing_is_said_about_a_closure_that_runs_later(closure: str) -> None:
    source = "use pyo3::prelude::*;\nuse std::fs::File;\n#[pyfunction] fn f(py: Python<'_>, path: PathBuf) { %s }"
    assert check("PYO111", source % closure) == []
    assert len(check("PYO111", source % "py.detach(move || File::open(path).unwrap());")) == 1
