//! The allocator of the Rust side. Python objects still use Python's allocator.

/// The name in `__build__`.
pub const NAME: &str = "mimalloc";

#[global_allocator]
static GLOBAL: mimalloc::MiMalloc = mimalloc::MiMalloc;
