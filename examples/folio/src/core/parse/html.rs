//! Tags in HTML text: which ids, links and images does it hold?
//!
//! Not a parser of HTML: it finds tags and their attributes, skips comments, declarations and the raw text of
//! `script` and `style`, and takes what it does not understand for text. It never fails.

/// An opening tag.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag<'t> {
    /// Its name, in lower case.
    pub(super) name: String,
    /// Its attributes as written, names in lower case.
    pub(super) attributes: Vec<(String, &'t str)>,
    /// The offset of `<`.
    pub(super) start: usize,
    /// The offset behind `>`.
    pub(super) end: usize,
}

impl<'t> Tag<'t> {
    /// The value of an attribute, if it is there and not empty.
    pub(super) fn attribute(&self, name: &str) -> Option<&'t str> {
        let (_, value) = self.attributes.iter().find(|(known, _)| known == name)?;
        Some(value.trim()).filter(|value| !value.is_empty())
    }
}

/// The opening tags of `html`.
pub(super) fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(open) = html[at..].find('<') {
        let start = at + open;
        at = match tag(html, start) {
            Some(tag) => {
                let end = behind_raw_text(html, &tag);
                tags.push(tag);
                end
            }
            None => behind_other(html, start),
        };
    }
    tags
}

/// The five entities that occur in addresses.
pub(super) fn decode(value: &str) -> String {
    let plain = value
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">");
    // Last, so that `&amp;lt;` stays what it says.
    plain.replace("&amp;", "&")
}

/// The text between tags.
pub(super) fn text(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, from_tag)) = rest.split_once('<') {
        out.push_str(before);
        rest = from_tag.split_once('>').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    decode(&out)
}

/// What starts at `<` and is not an opening tag is skipped whole.
fn behind_other(html: &str, start: usize) -> usize {
    let rest = &html[start..];
    let (opening, closing) = match rest {
        _ if rest.starts_with("<!--") => ("<!--", "-->"),
        _ if rest.starts_with("<?") => ("<?", "?>"),
        _ => return start + 1,
    };
    match rest[opening.len()..].find(closing) {
        Some(at) => start + opening.len() + at + closing.len(),
        None => html.len(),
    }
}

fn behind_raw_text(html: &str, tag: &Tag<'_>) -> usize {
    if !matches!(tag.name.as_str(), "script" | "style") {
        return tag.end;
    }
    let closing = format!("</{}", tag.name);
    html[tag.end..]
        .to_ascii_lowercase()
        .find(&closing)
        .map_or(html.len(), |at| tag.end + at)
}

fn tag(html: &str, start: usize) -> Option<Tag<'_>> {
    let mut cursor = Cursor {
        html,
        at: start + 1,
    };
    let name = cursor.take_while(|c| c.is_ascii_alphanumeric() || c == '-');
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let mut attributes = Vec::new();
    loop {
        cursor.take_while(|c| c.is_whitespace() || c == '/');
        if cursor.eat('>') {
            return Some(Tag {
                name: name.to_ascii_lowercase(),
                attributes,
                start,
                end: cursor.at,
            });
        }
        attributes.push(cursor.attribute()?);
    }
}

/// A place in the text that moves on.
struct Cursor<'t> {
    html: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    fn take_while(&mut self, accept: impl Fn(char) -> bool) -> &'t str {
        let rest = &self.html[self.at..];
        let taken = &rest[..rest.find(|c| !accept(c)).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    fn eat(&mut self, expected: char) -> bool {
        let found = self.html[self.at..].starts_with(expected);
        if found {
            self.at += expected.len_utf8();
        }
        found
    }

    /// `name`, `name=value`, `name="value"` or `name='value'`; `None` at the end and at what cannot be a name.
    fn attribute(&mut self) -> Option<(String, &'t str)> {
        let name = self
            .take_while(|c| !c.is_whitespace() && !matches!(c, '=' | '>' | '/' | '"' | '\'' | '<'));
        if name.is_empty() {
            return None;
        }
        let name = name.to_ascii_lowercase();
        let behind_name = self.at;
        self.take_while(char::is_whitespace);
        if !self.eat('=') {
            self.at = behind_name;
            return Some((name, ""));
        }
        self.take_while(char::is_whitespace);
        let quote = ['"', '\''].into_iter().find(|&quote| self.eat(quote));
        let value = match quote {
            Some(quote) => self.take_while(|c| c != quote),
            None => self.take_while(|c| !c.is_whitespace() && c != '>'),
        };
        match quote {
            Some(quote) if !self.eat(quote) => None,
            _ => Some((name, value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> Vec<String> {
        let shown = |tag: Tag<'_>| {
            let attributes: Vec<_> = tag
                .attributes
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            format!("{}@{}[{}]", tag.name, tag.start, attributes.join(","))
        };
        tags(html).into_iter().map(shown).collect()
    }

    #[test]
    fn tags_and_attributes_are_found() {
        let table: [(&str, &[&str]); 9] = [
            (r#"<a id="x">"#, &["a@0[id=x]"]),
            ("<A NAME='x' href = y.md>z</a>", &["a@0[name=x,href=y.md]"]),
            (
                r#"a < b <img src="i.png" hidden/>"#,
                &["img@6[src=i.png,hidden=]"],
            ),
            ("<!-- <a id='no'> --><p>", &["p@20[]"]),
            (
                "<script>if (a<b) '<a id=no>'</script><b>",
                &["script@0[]", "b@37[]"],
            ),
            ("<a href='never closed", &[]),
            ("<!-- never closed <a id=x>", &[]),
            ("</a><3<>", &[]),
            ("<a\n  id=x\n>", &["a@0[id=x]"]),
        ];
        for (html, expected) in table {
            assert_eq!(shown(html), expected, "{html}");
        }
    }

    #[test]
    fn text_is_what_stands_between_tags() {
        assert_eq!(text("<b>Tom</b> &amp; <i>Jerry</i>"), "Tom & Jerry");
        assert_eq!(text("<b"), "");
    }
}
