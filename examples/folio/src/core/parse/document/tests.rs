//! Tables: one text, what the parse says of it.

use super::*;
use crate::core::parse::Position;

fn place(at: Position) -> String {
    format!("{}:{}", at.line, at.column)
}

fn headings(text: &str) -> Vec<String> {
    let parsed = parse(text);
    parsed
        .headings
        .iter()
        .map(|h| format!("{} h{} {} #{}", place(h.at), h.level, h.text, h.anchor))
        .collect()
}

fn links(text: &str) -> Vec<String> {
    parse(text)
        .links
        .iter()
        .map(|l| format!("{} {:?} {}", place(l.at), l.kind, l.target))
        .collect()
}

fn ids(text: &str) -> Vec<String> {
    let shown = |id: &Id| {
        format!(
            "{} {} of {}",
            place(id.at),
            id.id,
            id.heading.as_deref().unwrap_or("none")
        )
    };
    parse(text).ids.iter().map(shown).collect()
}

fn undefined(text: &str) -> Vec<String> {
    parse(text)
        .undefined
        .iter()
        .map(|u| format!("{} {}", place(u.at), u.label))
        .collect()
}

fn unused(text: &str) -> Vec<String> {
    let parsed = parse(text);
    parsed
        .definitions
        .iter()
        .filter(|d| !d.used)
        .map(|d| format!("{} {}", place(d.at), d.label))
        .collect()
}

#[test]
fn headings_have_level_text_anchor_and_place() {
    let table: [(&str, &[&str]); 10] = [
        (
            "# One\n\ntext\n\n## Two *b* `c`\n",
            &["1:1 h1 One #one", "5:1 h2 Two b c #two-b-c"],
        ),
        (
            "Set\n===\n\nMore\n---\n",
            &["1:1 h1 Set #set", "4:1 h2 More #more"],
        ),
        ("# A\n# A\n", &["1:1 h1 A #a", "2:1 h1 A #a-1"]),
        (
            "# Own {#mine}\n# Sets {a, b}\n",
            &["1:1 h1 Own #mine", "2:1 h1 Sets {a, b} #sets-a-b"],
        ),
        ("# Styled {.wide}\n", &["1:1 h1 Styled #styled"]),
        (
            "> # Quoted [link](x.md)\n",
            &["1:3 h1 Quoted link #quoted-link"],
        ),
        ("# ![alt](x.png) Logo\n", &["1:1 h1  Logo #-logo"]),
        ("```\n# not\n```\n", &[]),
        (
            "<h2 align=center>Html <b>one</b></h2>\n",
            &["1:1 h2 Html one #html-one"],
        ),
        ("---\ntitle: x\n---\n# T\n", &["4:1 h1 T #t"]),
    ];
    for (text, expected) in table {
        assert_eq!(headings(text), expected, "{text}");
    }
}

#[test]
fn links_and_images_have_target_and_place() {
    let table: [(&str, &[&str]); 12] = [
        (
            "ü [a](b.md#c) ![i](i.png)",
            &["1:3 Link b.md#c", "1:15 Image i.png"],
        ),
        ("[![i](i.png)](x.md)", &["1:1 Link x.md", "1:2 Image i.png"]),
        (
            "text\n[a][r], [r][], [r]\n\n[r]: r.md 'title'\n",
            &["2:1 Link r.md", "2:9 Link r.md", "2:16 Link r.md"],
        ),
        ("[a](<b c.md> \"title\")", &["1:1 Link b c.md"]),
        ("[a](b\\_c.md)", &["1:1 Link b_c.md"]),
        ("<https://x.org> <me@x.org>", &["1:1 Link https://x.org"]),
        ("x <a href=\"b.md?x&amp;y\">b</a>", &["1:3 Link b.md?x&y"]),
        ("<p>\n<img\n src=\"i.png\">\n</p>\n", &["2:1 Image i.png"]),
        ("`[a](b)` and\n\n    [c](d)\n", &[]),
        (
            "{{#include a.md}}\n\n```\n{{#include b.md}}\n```\n",
            &["1:1 Include a.md"],
        ),
        ("note[^1]\n\n[^1]: see [x](y.md)\n", &["3:11 Link y.md"]),
        ("| a |\n|---|\n| [x](y.md) |\n", &["3:3 Link y.md"]),
    ];
    for (text, expected) in table {
        assert_eq!(links(text), expected, "{text}");
    }
}

#[test]
fn ids_belong_to_the_heading_they_stand_at() {
    let table: [(&str, &[&str]); 7] = [
        ("<a id=\"x\"></a>\n\n## Head\n", &["1:1 x of head"]),
        ("<a name='x'></a>\n\ntext\n\n## Head\n", &["1:1 x of none"]),
        ("## Head <a id=x></a>\n", &["1:9 x of head-"]),
        ("text <span id=x>y</span>\n", &["1:6 x of none"]),
        (
            "<a id=x name=x></a>\n<a id=y name=z></a>\n",
            &["1:1 x of none", "2:1 y of none", "2:1 z of none"],
        ),
        ("<h2 id=own>Html</h2>\n", &["1:1 own of html"]),
        ("<!-- <a id=x> -->\n\n`<a id=y>`\n", &[]),
    ];
    for (text, expected) in table {
        assert_eq!(ids(text), expected, "{text}");
    }
}

#[test]
fn an_undefined_label_counts_if_a_link_is_meant() {
    let table: [(&str, &[&str]); 7] = [
        ("see [foo][bar]", &["1:5 bar"]),
        ("see ![foo][bar]", &["1:5 bar"]),
        ("see [foo][]", &["1:5 foo"]),
        ("see [foo] and [ ] and [x]", &[]),
        ("see [a][b\nc]", &["1:5 b c"]),
        ("see [a][^1] and [^2]", &[]),
        ("see [a][b]\n\n[B]: x.md", &[]),
    ];
    for (text, expected) in table {
        assert_eq!(undefined(text), expected, "{text}");
    }
}

#[test]
fn a_definition_is_used_by_any_form_of_link() {
    let table: [(&str, &[&str]); 7] = [
        ("[a]: x.md\n", &["1:1 a"]),
        ("[a]\n\n[a]: x.md\n", &[]),
        ("[t][A  b]\n\n[a B]: x.md\n", &[]),
        ("![a][]\n\n[a]: x.png\n", &[]),
        ("`[a]`\n\n> [a]: x.md\n", &["3:3 a"]),
        ("[//]: # (remark)\n[comment]: <> (remark)\n", &[]),
        (
            "[b]: x.md\n[a]: y.md\n[^1]: footnote\n",
            &["1:1 b", "2:1 a"],
        ),
    ];
    for (text, expected) in table {
        assert_eq!(unused(text), expected, "{text}");
    }
}

#[test]
fn odd_texts_do_no_harm() {
    for text in [
        "",
        "\u{feff}# x",
        "[",
        "<",
        "{{#",
        "[a]: ",
        "# {#}",
        "<h1></h1",
        "\0",
        "![](",
        "---",
        "\r\n\r\n",
    ] {
        parse(text);
    }
}

#[test]
fn texts_put_together_at_random_do_no_harm_and_have_places_inside() {
    let parts = [
        "#",
        " ",
        "\n",
        "[",
        "]",
        "(",
        ")",
        "!",
        "<",
        ">",
        "a",
        "ü",
        "`",
        "```\n",
        "{{#include ",
        "}}",
        "[x]: ",
        "<a id=",
        "<h2>",
        "</h2",
        "<!--",
        "-->",
        "\"",
        "{#",
        "}",
        "---\n",
        "\r\n",
        "\t",
        "日",
        "&amp;",
        "|",
        "> ",
        "- ",
        "\\",
        "^1",
    ];
    let mut random: u64 = 42;
    let mut below = |n: usize| {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(random >> 33).unwrap() % n
    };
    for _ in 0..5_000 {
        let length = below(40);
        let text: String = (0..length).map(|_| parts[below(parts.len())]).collect();
        let lines = u32::try_from(text.matches('\n').count() + 1).unwrap();
        let parsed = parse(&text);
        let places = parsed
            .links
            .iter()
            .map(|link| link.at)
            .chain(parsed.ids.iter().map(|id| id.at));
        let places = places.chain(parsed.headings.iter().map(|heading| heading.at));
        let places = places.chain(parsed.definitions.iter().map(|definition| definition.at));
        assert!(places.into_iter().all(|at| at.line <= lines), "{text:?}");
    }
}
