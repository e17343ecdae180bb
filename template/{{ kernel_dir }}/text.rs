//! Counting in text.

/// Number of words: runs of characters that are not Unicode whitespace.
#[must_use]
pub fn word_count(text: &str) -> usize {
    text.split_whitespace().count()
}

#[cfg(test)]
mod tests {
    use super::word_count;

    #[test]
    fn words_are_separated_by_any_whitespace() {
        assert_eq!(word_count("one two\tthree\u{2003}four\n"), 4);
    }

    #[test]
    fn blank_text_has_no_words() {
        assert_eq!(word_count(""), 0);
        assert_eq!(word_count(" \n\t"), 0);
    }
}
