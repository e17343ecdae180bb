pub struct Pool {
    allow_threads: bool,
}

impl Pool {
    pub fn with_gil(&self) -> bool {
        self.allow_threads
    }
}

pub fn with_gil(pool: &Pool) -> bool {
    pool.with_gil()
}
