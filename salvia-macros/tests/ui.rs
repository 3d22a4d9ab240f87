//! Programs that use the macros rightly compile; programs with one mistake get exactly one message, at the right token,
//! where the macros and their traits can have it so; the documentation of `#[query]` names the exceptions.
//!
//! Each file is named after its mistake. Most of those for queries also call the query, to show that callers of a broken
//! query do not get messages as well. The messages are compared word by word, so they hold for one version of the
//! compiler.

#[test]
fn wrong_queries_are_explained() {
    trybuild::TestCases::new().compile_fail("tests/ui/query/fail/*.rs");
}

#[test]
fn wrong_hosts_are_explained() {
    trybuild::TestCases::new().compile_fail("tests/ui/input/fail/*.rs");
}

#[test]
fn wrong_derives_are_explained() {
    trybuild::TestCases::new().compile_fail("tests/ui/derive/fail/*.rs");
}

#[test]
fn right_queries_compile() {
    trybuild::TestCases::new().pass("tests/ui/query/pass/*.rs");
}

#[test]
fn right_hosts_compile() {
    trybuild::TestCases::new().pass("tests/ui/input/pass/*.rs");
}

#[test]
fn right_derives_compile() {
    trybuild::TestCases::new().pass("tests/ui/derive/pass/*.rs");
}

#[test]
fn wrong_thin_traits_are_explained() {
    trybuild::TestCases::new().compile_fail("tests/ui/thin/fail/*.rs");
}

#[test]
fn right_thin_traits_compile() {
    trybuild::TestCases::new().pass("tests/ui/thin/pass/*.rs");
}

#[test]
fn wrong_memos_are_explained() {
    trybuild::TestCases::new().compile_fail("tests/ui/memo/fail/*.rs");
}

#[test]
fn wrong_projections_are_explained() {
    trybuild::TestCases::new().compile_fail("tests/ui/projection/fail/*.rs");
}

#[test]
fn right_memos_compile() {
    trybuild::TestCases::new().pass("tests/ui/memo/pass/*.rs");
}

#[test]
fn right_projections_compile() {
    trybuild::TestCases::new().pass("tests/ui/projection/pass/*.rs");
}

#[test]
fn wrong_nested_functions_are_explained() {
    trybuild::TestCases::new().compile_fail("tests/ui/nested/fail/*.rs");
}

#[test]
fn wrong_anonymous_nodes_are_explained() {
    trybuild::TestCases::new().compile_fail("tests/ui/anonymous/fail/*.rs");
}

#[test]
fn right_nested_functions_compile() {
    trybuild::TestCases::new().pass("tests/ui/nested/pass/*.rs");
}
