//! Normal forms of text.

use std::borrow::Cow;

/// `text` trimmed, with every run of whitespace replaced by one space.
///
/// Borrowed when `text` is already in that form.
#[must_use]
pub fn collapse_whitespace(text: &str) -> Cow<'_, str> {
    if is_collapsed(text) {
        return Cow::Borrowed(text);
    }
    let mut collapsed = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !collapsed.is_empty() {
            collapsed.push(' ');
        }
        collapsed.push_str(word);
    }
    Cow::Owned(collapsed)
}

fn is_collapsed(text: &str) -> bool {
    let mut after_space = true;
    for character in text.chars() {
        if character.is_whitespace() && (after_space || character != ' ') {
            return false;
        }
        after_space = character == ' ';
    }
    text.is_empty() || !after_space
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::collapse_whitespace;

    #[test]
    fn runs_of_whitespace_become_one_space() {
        assert_eq!(collapse_whitespace(" a \t b\u{a0}\nc "), "a b c");
        assert_eq!(collapse_whitespace("a\tb"), "a b");
        assert_eq!(collapse_whitespace("  "), "");
    }

    #[test]
    fn collapsed_text_is_borrowed() {
        for text in ["", "a", "a b c", "größer als"] {
            assert!(matches!(collapse_whitespace(text), Cow::Borrowed(same) if same == text));
        }
    }
}
