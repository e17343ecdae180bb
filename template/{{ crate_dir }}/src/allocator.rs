//! The allocator of the Rust side. Python's own objects keep Python's.

/// What `__build__` tells.
pub const NAME: &str = "mimalloc";

#[global_allocator]
static GLOBAL: mimalloc::MiMalloc = mimalloc::MiMalloc;
