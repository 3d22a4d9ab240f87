//! Rust source as tokens with their lines: comments are gone, literals are blank, so a rule never trips over a text.
//!
//! It knows just enough of the language for the rules: it never fails, and on source that does not compile it guesses.

/// One token: a name, `::`, a literal (as `""`, `''` or `0`), or one sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// Reads all of `source`.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let mut reader = Reader {
        rest: source,
        line: 1,
        tokens: Vec::new(),
    };
    while let Some(first) = reader.rest.chars().next() {
        reader.step(first);
    }
    reader.tokens
}

/// Whether the tokens from `at` on are the signs and names of `pattern`, which are apart by spaces.
pub(crate) fn is_at(tokens: &[Token], at: usize, pattern: &str) -> bool {
    pattern
        .split(' ')
        .enumerate()
        .all(|(n, text)| tokens.get(at + n).is_some_and(|token| token.text == text))
}

/// The index of the bracket that closes the one at `open`; the last token if none does.
pub(crate) fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    tokens.len() - 1
}

/// Whether a token is a name or a keyword.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    tokens: Vec<Token>,
}

impl Reader<'_> {
    fn step(&mut self, first: char) {
        let rest = self.rest;
        match first {
            c if c.is_whitespace() => self.skip(c.len_utf8()),
            '/' if rest.starts_with("//") => self.skip(rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => self.skip(block_comment(rest)),
            '"' => self.push("\"\"", quoted(rest)),
            '\'' => match char_literal(rest) {
                Some(length) => self.push("''", length),
                // A lifetime: the quote is of no interest, its name is a name.
                None => self.skip(1),
            },
            ':' if rest.starts_with("::") => self.push("::", 2),
            c if c.is_ascii_digit() => {
                self.push("0", span(rest, |c| c.is_alphanumeric() || c == '_'))
            }
            c if is_name(c.encode_utf8(&mut [0; 4])) => self.name(),
            c => self.push(&c.to_string(), c.len_utf8()),
        }
    }

    /// A name, or what begins like one: raw and byte strings, raw names.
    fn name(&mut self) {
        let length = span(self.rest, |c| c.is_alphanumeric() || c == '_');
        let (name, after) = self.rest.split_at(length);
        let prefix = matches!(name, "r" | "b" | "c" | "br" | "cr");
        if prefix && after.starts_with('"') && !name.ends_with('r') {
            self.push("\"\"", length + quoted(after));
        } else if prefix && name.ends_with('r') && raw(after).is_some() {
            self.push("\"\"", length + raw(after).unwrap_or(0));
        } else if name == "b" && after.starts_with('\'') {
            self.push("''", length + char_literal(after).unwrap_or(1));
        } else if name == "r" && after.starts_with('#') {
            self.skip(2);
        } else {
            self.push(name, length);
        }
    }

    fn push(&mut self, text: &str, length: usize) {
        self.tokens.push(Token {
            text: text.to_string(),
            line: self.line,
        });
        self.skip(length);
    }

    fn skip(&mut self, length: usize) {
        let (passed, rest) = self.rest.split_at(length);
        self.line += passed.matches('\n').count();
        self.rest = rest;
    }
}

fn span(text: &str, inside: impl Fn(char) -> bool) -> usize {
    text.find(|c| !inside(c)).unwrap_or(text.len())
}

/// The length of a comment that may hold others.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest.starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// The length of a text in quotes.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a raw text after its `r`: `"..."` with as many `#` behind as before.
fn raw(text: &str) -> Option<usize> {
    let hashes = span(text, |c| c == '#');
    text[hashes..].starts_with('"').then(|| {
        let end = format!("\"{}", "#".repeat(hashes));
        let start = hashes + 1;
        text[start..]
            .find(&end)
            .map_or(text.len(), |at| start + at + end.len())
    })
}

/// The length of a character in quotes; `None` for a lifetime.
fn char_literal(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().skip(1);
    if chars.next()?.1 == '\\' {
        // The escaped sign itself may be a quote.
        chars.next()?;
        return chars.find(|(_, c)| *c == '\'').map(|(at, _)| at + 1);
    }
    chars
        .next()
        .filter(|(_, c)| *c == '\'')
        .map(|(at, _)| at + 1)
}

/// The reader's own tests: what it must not be taken in by.
#[test]
fn texts_and_comments_are_no_tokens() {
    let read = |source: &str| {
        let texts: Vec<_> = tokens(source).into_iter().map(|token| token.text).collect();
        texts.join(" ")
    };
    assert_eq!(read("a // b\nc /* d /* e */ f */ g"), "a c g");
    assert_eq!(
        read(r##"let x = "fn {" + r#"a " b"# + b"\"" + br"\" ;"##),
        r#"let x = "" + "" + "" + "" ;"#
    );
    assert_eq!(
        read(r"'a' '\'' b'{' '\u{1f}' &'static str 'x: loop"),
        "'' '' '' '' & static str x : loop"
    );
    assert_eq!(
        read("r#fn std::sync 1_000u64 1.5"),
        "fn std :: sync 0 0 . 0"
    );
    assert_eq!(
        tokens("a\n\"x\ny\" b")
            .iter()
            .map(|token| token.line)
            .collect::<Vec<_>>(),
        [1, 2, 3]
    );
}
