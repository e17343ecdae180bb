//! Stops the build if the flag that disables PyO3's reference pool got lost.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_CFG_PYO3_DISABLE_REFERENCE_POOL").is_none() {
        println!(
            "cargo::error=this build lost `--cfg pyo3_disable_reference_pool` of .cargo/config.toml: \
             unset RUSTFLAGS and CARGO_ENCODED_RUSTFLAGS (even an empty one replaces the file's flags), \
             and start cargo inside the project, or build with maturin, which reads pyproject.toml"
        );
    }
}
