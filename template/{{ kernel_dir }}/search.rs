//! Searching in text and bytes.

/// Number of places where `needle` occurs in `text`, overlaps not counted.
///
/// An empty needle is found nowhere.
#[must_use]
pub fn occurrences(text: &str, needle: &str) -> usize {
    if needle.is_empty() {
        return 0;
    }
    text.matches(needle).count()
}

/// Number of lines: line feeds, and one more for text after the last of them.
#[must_use]
pub fn line_count(data: &[u8]) -> usize {
    // Blocks whose count fits a byte: the compiler turns them into vector instructions.
    let feeds: usize = data
        .chunks(usize::from(u8::MAX))
        .map(|block| {
            usize::from(
                block
                    .iter()
                    .map(|&byte| u8::from(byte == b'\n'))
                    .sum::<u8>(),
            )
        })
        .sum();
    let open_end = data.last().is_some_and(|&byte| byte != b'\n');
    feeds + usize::from(open_end)
}

#[cfg(test)]
mod tests {
    use super::{line_count, occurrences};

    #[test]
    fn overlaps_count_once() {
        assert_eq!(occurrences("aaaa", "aa"), 2);
        assert_eq!(occurrences("größer, am größten", "größ"), 2);
    }

    #[test]
    fn an_empty_needle_is_found_nowhere() {
        assert_eq!(occurrences("text", ""), 0);
    }

    #[test]
    fn the_last_line_needs_no_line_feed() {
        assert_eq!(line_count(b""), 0);
        assert_eq!(line_count(b"a\nb"), 2);
        assert_eq!(line_count(b"a\nb\n"), 2);
        assert_eq!(line_count(b"\n\n"), 2);
        assert_eq!(line_count(&[b'\n'; 1_000]), 1_000);
    }
}
