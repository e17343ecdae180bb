//! Types and methods of the project's own, with both names.

pub struct PyBox(i64, i64);

impl PyBox {
    pub fn new(a: i64, b: i64) -> Self {
        Self(a, b)
    }

    pub fn new_bound(a: i64, b: i64) -> Self {
        Self(a, a + b)
    }

    pub fn traceback(&self) -> i64 {
        self.0
    }

    pub fn traceback_bound(&self) -> i64 {
        self.1
    }
}
