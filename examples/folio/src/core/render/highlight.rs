//! Code in colours: classes in the HTML, colours in a style sheet, so that light and dark are the reader's choice.

use std::sync::LazyLock;

use syntect::highlighting::Theme;
use syntect::html::{ClassStyle, ClassedHTMLGenerator, css_for_theme_with_class_style};
use syntect::parsing::SyntaxSet;
use syntect::util::LinesWithEndings;
use two_face::theme::EmbeddedThemeName;

const CLASSES: ClassStyle = ClassStyle::SpacedPrefixed { prefix: "s-" };

/// What is longer is data; colours would take seconds.
const LONGEST: usize = 100_000;
const LONGEST_LINE: usize = 2_000;

/// Grammars never change. Unpacking them takes a while, so it is done once, by the first listing.
static GRAMMARS: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// `code` as HTML; `None` if nobody knows the language.
pub fn highlight(language: &str, code: &str) -> Option<String> {
    let is_data = code.len() > LONGEST || code.lines().any(|line| line.len() > LONGEST_LINE);
    if language.is_empty() || is_data {
        return None;
    }
    let grammar = GRAMMARS.find_syntax_by_token(language)?;
    let mut generator = ClassedHTMLGenerator::new_with_class_style(grammar, &GRAMMARS, CLASSES);
    for line in LinesWithEndings::from(code) {
        // A grammar that fails on a line is no reason to show no code.
        generator
            .parse_html_for_line_which_includes_newline(line)
            .ok()?;
    }
    Some(generator.finalize())
}

/// The colours, for readers of light pages and of dark ones.
pub fn style_sheet() -> String {
    let themes = two_face::theme::extra();
    let sheet = |name| colours(themes.get(name));
    let light = sheet(EmbeddedThemeName::InspiredGithub);
    let dark = sheet(EmbeddedThemeName::OneHalfDark);
    // Each by itself: the two do not name the same classes.
    let media =
        |scheme, sheet| format!("@media (prefers-color-scheme: {scheme}) {{\n{sheet}\n}}\n");
    media("light", light) + &media("dark", dark)
}

fn colours(theme: &Theme) -> String {
    css_for_theme_with_class_style(theme, CLASSES).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_languages_have_classes_and_text_is_escaped() {
        let html = highlight("rust", "fn main() { a < b }\n").unwrap();
        assert!(
            html.contains("s-keyword") || html.contains("s-storage"),
            "{html}"
        );
        assert!(html.contains("&lt;"), "{html}");
        assert!(highlight("toml", "a = 1\n").is_some());
        assert_eq!(highlight("no-such-language", "x"), None);
        assert_eq!(highlight("", "x"), None);
        assert_eq!(highlight("rust", &"x".repeat(LONGEST_LINE + 1)), None);
    }

    #[test]
    fn colours_are_there_for_light_and_dark() {
        let sheet = style_sheet();
        assert!(sheet.contains(".s-") && sheet.contains("prefers-color-scheme: dark"));
    }
}
