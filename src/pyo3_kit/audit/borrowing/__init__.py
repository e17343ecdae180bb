"""The facts of PYO081: which classes a Rust file borrows mutably, and which it holds in Python objects."""
