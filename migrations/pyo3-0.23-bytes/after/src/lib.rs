use std::collections::HashMap;

use pyo3::prelude::*;

type Digest = [u8; 4];

#[pyclass]
pub struct Token {
    #[pyo3(get)]
    raw: Vec<u8>,
    hidden: Vec<u8>,
}

#[pyclass(get_all)]
pub struct Header {
    magic: Option<Digest>,
    salt: [u8; 2],
    sizes: Vec<u16>,
}

#[pymethods]
impl Token {
    fn to_bytes(&self) -> PyResult<Vec<u8>> {
        Ok(self.raw.clone())
    }

    fn digest(&self) -> Digest {
        [0; 4]
    }

    fn set(&mut self, hidden: Vec<u8>) -> usize {
        self.hidden = hidden;
        self.hidden.len()
    }
}

impl Token {
    pub fn secret(&self) -> &[u8] {
        &self.hidden
    }

    pub fn copied(&self) -> Vec<u8> {
        self.hidden.clone()
    }
}

#[pyfunction]
pub fn parts(text: &str) -> Option<HashMap<String, Vec<u8>>> {
    Some(HashMap::from([(text.to_owned(), text.as_bytes().to_vec())]))
}

#[pyfunction]
pub fn plain<'a>(data: &'a [u8]) -> &'a [u8] {
    data
}
