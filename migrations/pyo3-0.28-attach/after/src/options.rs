pub trait Threads {
    fn allow_threads(&self) -> bool;
}

pub struct Options;

impl Options {
    pub fn allow_threads(&self, allowed: bool) -> bool {
        allowed
    }

    pub fn prepared(&self) -> &Self {
        self
    }
}

pub fn used(threads: &dyn Threads, options: &Options) -> bool {
    threads.allow_threads() && options.prepared().allow_threads(true)
}
