//! The allocator of the Rust side. Python's own objects keep Python's.

#[global_allocator]
static GLOBAL: mimalloc::MiMalloc = mimalloc::MiMalloc;
