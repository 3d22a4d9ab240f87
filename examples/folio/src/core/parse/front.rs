//! Front matter: what does a document say about itself, in YAML between `---` or in TOML between `+++`?
//!
//! What folio has no use for is left alone: other tools read the same block.

use std::sync::Arc;

use pulldown_cmark::MetadataBlockKind;
use serde::Deserialize;

/// What folio reads of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct FrontMatter {
    /// The title of the page, in place of its first heading.
    pub title: Option<Arc<str>>,
    /// A sentence for search engines and lists.
    pub description: Option<Arc<str>>,
    /// What the document is about: a list, or words with commas between them.
    #[serde(deserialize_with = "tags")]
    pub tags: Vec<Arc<str>>,
    /// Where it stands among its neighbours; those without a number come behind, by name.
    pub order: Option<i64>,
}

/// Reads a block; the error is one line.
pub(super) fn read(kind: MetadataBlockKind, text: &str) -> Result<FrontMatter, String> {
    // Nothing but white space and comments is no value to YAML.
    let is_empty = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    if text.lines().all(is_empty) {
        return Ok(FrontMatter::default());
    }
    match kind {
        MetadataBlockKind::YamlStyle => {
            serde_saphyr::from_str(text).map_err(|error| first_line(&error.to_string()))
        }
        MetadataBlockKind::PlusesStyle => {
            toml::from_str(text).map_err(|error| first_line(error.message()))
        }
    }
}

/// The text of a document without such a block at its top.
pub fn without_front_matter(text: &str) -> &str {
    let body = || {
        let fence = ["---", "+++"]
            .into_iter()
            .find(|fence| text.starts_with(fence))?;
        let (first, rest) = text.split_once('\n')?;
        let mut offset = first.len() + 1;
        for line in rest.split_inclusive('\n') {
            offset += line.len();
            if line.trim_end() == fence {
                return Some(&text[offset..]);
            }
        }
        None
    };
    body().unwrap_or(text)
}

fn first_line(message: &str) -> String {
    let message = message.strip_prefix("error: ").unwrap_or(message);
    message.lines().next().unwrap_or("unknown").to_owned()
}

fn tags<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Arc<str>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        List(Vec<String>),
        Words(String),
        Nothing(()),
    }
    let trimmed = |tags: &mut dyn Iterator<Item = &str>| -> Vec<Arc<str>> {
        let tags = tags.map(str::trim).filter(|tag| !tag.is_empty());
        tags.map(Arc::from).collect()
    };
    Ok(match Written::deserialize(deserializer)? {
        Written::List(list) => trimmed(&mut list.iter().map(String::as_str)),
        Written::Words(words) => trimmed(&mut words.split(',')),
        Written::Nothing(()) => Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_of_either_kind_says_the_same() {
        let yaml = "title: A\ntags: [x, y z]\norder: -2\nlayout: other\n";
        let toml = "title = 'A'\ntags = 'x, y z'\norder = -2\nlayout = 'other'\n";
        let read_both = [
            read(MetadataBlockKind::YamlStyle, yaml),
            read(MetadataBlockKind::PlusesStyle, toml),
        ];
        for front in read_both {
            let front = front.unwrap();
            assert_eq!(front.title.as_deref(), Some("A"));
            assert_eq!(front.tags, [Arc::from("x"), Arc::from("y z")]);
            assert_eq!(front.order, Some(-2));
        }
    }

    #[test]
    fn a_block_that_cannot_be_read_is_one_line() {
        let table = [
            (MetadataBlockKind::YamlStyle, "title: [a\nb: c\n"),
            (MetadataBlockKind::PlusesStyle, "title = \n"),
            (MetadataBlockKind::YamlStyle, "order: many\n"),
        ];
        for (kind, text) in table {
            let error = read(kind, text).unwrap_err();
            assert!(!error.is_empty() && !error.contains('\n'), "{error}");
        }
        let empty = read(MetadataBlockKind::YamlStyle, "# only a remark\n");
        assert_eq!(empty, Ok(FrontMatter::default()));
    }

    #[test]
    fn the_body_begins_behind_the_block() {
        let table = [
            ("---\na: b\n---\n# T\n", "# T\n"),
            ("+++\na = 1\n+++\nx", "x"),
            ("---\nnever closed\n", "---\nnever closed\n"),
            ("# T\n---\n", "# T\n---\n"),
        ];
        for (text, body) in table {
            assert_eq!(without_front_matter(text), body);
        }
    }
}
