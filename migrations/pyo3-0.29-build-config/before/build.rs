//! What the build knows of Python.

fn main() {
    pyo3_build_config::use_pyo3_cfgs();
    let config = pyo3_build_config::get();
    if config.version.minor > 10 {
        println!("cargo:rustc-cfg=new_python");
    }
    if let Some(folder) = config.lib_dir.as_deref() {
        println!("cargo:rustc-link-search={folder}");
    }
    for flag in &pyo3_build_config::get().build_flags.0 {
        println!("cargo:warning={flag} {}", config.shared);
    }
}
