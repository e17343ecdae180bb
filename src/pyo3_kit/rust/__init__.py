"""The front end for Rust: trees, imports, scopes, attributes, types, calls, and where names come from."""
