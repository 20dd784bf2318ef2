//! `docs/errors.md` has every problem type, every line of `doctor`, and every exit status.

use std::collections::BTreeSet;
use std::fs;

use super::{read, source};

/// A fragment with fewer words is not searched for: it could stand anywhere.
const WORDS: usize = 3;

/// Returns the headings of a level below `## SECTION`.
fn headings(page: &str, section: &str) -> BTreeSet<String> {
    let (_, rest) = page.split_once(&format!("\n## {section}\n")).expect("the section");
    let rest = rest.split("\n## ").next().unwrap();
    rest.lines().filter_map(|line| line.strip_prefix("### ")).map(str::to_owned).collect()
}

#[test]
fn every_problem_type_has_a_section() {
    let forms = read(
        "crates/vestibule-web/src/v1/snapshots/vestibule_web__v1__request_id__tests__the_wire_form_of_every_problem_type.snap",
    );
    let types: BTreeSet<String> = forms
        .split("urn:vestibule:problem:")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert!(types.len() > 15, "{types:?}");
    assert_eq!(headings(&read("docs/errors.md"), "Problem types"), types);
    let guide = read("docs/api.md");
    for name in &types {
        assert!(guide.contains(&format!("`{name}`")), "docs/api.md lacks {name}");
    }
}

#[test]
fn every_exit_status_has_a_section() {
    let statuses = ["0", "1", "2", "78"].map(|status| format!("Exit status {status}"));
    assert_eq!(headings(&read("docs/errors.md"), "Exit statuses"), BTreeSet::from(statuses));
}

#[test]
fn every_line_of_doctor_is_listed() {
    let page = plain(&read("docs/errors.md"));
    let directory = source("crates/vestibule/src/commands/doctor");
    let mut fragments = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        fragments.extend(literals(code).iter().flat_map(|literal| fragments_of(literal)));
    }
    assert!(fragments.len() > 60, "the sources have the lines: {fragments:?}");
    let missing: BTreeSet<_> = fragments.into_iter().filter(|fragment| !page.contains(fragment)).collect();
    assert!(missing.is_empty(), "docs/errors.md lacks: {missing:#?}");
}

/// Returns the text without marks and line breaks.
fn plain(text: &str) -> String {
    text.replace('`', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the string literals of Rust code.
fn literals(code: &str) -> Vec<String> {
    let (mut found, mut rest) = (Vec::new(), code);
    while let Some(at) = rest.find(['"', '\'', '/']) {
        let next = &rest[at..];
        if next.starts_with("//") {
            rest = next.split_once('\n').map_or("", |(_, rest)| rest);
        } else if let Some(text) = next.strip_prefix('"') {
            let end = end_of_literal(text);
            found.push(text[..end].to_owned());
            rest = &text[end + 1..];
        } else if next.starts_with("'\\") {
            rest = &next[4.min(next.len())..];
        } else {
            // A character or a lifetime.
            let character = next.chars().nth(2) == Some('\'');
            let length = next.chars().take(if character { 3 } else { 1 }).map(char::len_utf8).sum();
            rest = &next[length..];
        }
    }
    found
}

fn end_of_literal(text: &str) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at,
            _ => {}
        }
    }
    text.len()
}

/// Returns the parts of a literal between its placeholders that have enough words.
fn fragments_of(literal: &str) -> Vec<String> {
    let mut text = String::new();
    let mut characters = literal.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, characters.peek()) {
            ('\\', Some('\n')) => while characters.next_if(|next| next.is_whitespace()).is_some() {},
            ('\\', Some(_)) | ('{', Some('{')) | ('}', Some('}')) => text.extend(characters.next()),
            ('{', _) => {
                for _ in characters.by_ref().take_while(|next| *next != '}') {}
                text.push('\0');
            }
            _ => text.push(character),
        }
    }
    text.split('\0')
        .map(|part| plain(part).trim_matches(|end: char| !end.is_alphanumeric() && end != '/').to_owned())
        .filter(|part| part.split(' ').count() >= WORDS)
        .collect()
}

#[test]
fn literals_are_found() {
    let code = "// \"no\"\nlet a = 'x'; let b: &'static str = \"one {two} three \\\"four\\\" \\\n   five\"; '\"'; \"six\"";
    assert_eq!(literals(code), ["one {two} three \\\"four\\\" \\\n   five", "six"]);
    assert_eq!(fragments_of(&literals(code)[0]), ["three \"four\" five"]);
    assert_eq!(fragments_of("name the authority {{ {one} }} and so on"), ["name the authority", "and so on"]);
}
