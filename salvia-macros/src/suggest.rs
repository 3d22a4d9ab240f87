//! What a word that is not known was most likely meant to be, and what else there is.

/// The known word that is nearest to what was written, if one is near enough to be meant.
pub(crate) fn nearest<'k>(
    written: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    let written = written.to_lowercase();
    let far = if written.len() < 4 { 1 } else { 2 };
    known
        .into_iter()
        .map(|word| (distance(&written, &word.to_lowercase()), word))
        .filter(|(distance, _)| *distance <= far)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// How many letters have to be put in, taken out or changed to make one word the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    // The distances of what was looked at of `one` to the beginnings of `other`.
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for letter in one.chars() {
        let mut before = row[0];
        row[0] += 1;
        for (index, theirs) in other.iter().enumerate() {
            let changed = before + usize::from(letter != *theirs);
            before = row[index + 1];
            row[index + 1] = changed.min(before + 1).min(row[index] + 1);
        }
    }
    row[other.len()]
}

/// The words in a sentence: `a`, `b` and `c`.
pub(crate) fn listed(words: &[&str]) -> String {
    let quoted = |word: &&str| format!("`{word}`");
    match words {
        [] => String::new(),
        [one] => quoted(one),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(quoted).collect();
            format!("{} and {}", first.join(", "), quoted(last))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{distance, listed, nearest};

    #[test]
    fn a_distance_counts_letters() {
        let counted = [
            ("", "lru", 3),
            ("eq", "eq", 0),
            ("share", "shared", 1),
            ("szie", "size", 2),
        ];
        for (one, other, letters) in counted {
            assert_eq!(distance(one, other), letters, "{one} {other}");
            assert_eq!(distance(other, one), letters, "{other} {one}");
        }
    }

    #[test]
    fn the_nearest_word_is_meant_if_it_is_near() {
        let known = ["eq", "no_eq", "shared", "lru"];
        let nearest = |written| nearest(written, known);
        assert_eq!(nearest("noeq"), Some("no_eq"));
        assert_eq!(nearest("LRU"), Some("lru"));
        assert_eq!(nearest("share"), Some("shared"));
        assert_eq!(nearest("fast"), None);
    }

    #[test]
    fn words_are_listed_as_in_a_sentence() {
        assert_eq!(listed(&[]), "");
        assert_eq!(listed(&["a"]), "`a`");
        assert_eq!(listed(&["a", "b"]), "`a` and `b`");
        assert_eq!(listed(&["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
