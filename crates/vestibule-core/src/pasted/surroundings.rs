//! Text before and beside a token.

/// Text before the token in links and URIs, in lower case, the likeliest first.
pub(super) const BEFORE: [&[&str]; 2] =
    [&["preauth="], &["/invite/", "/invites/", "invite?", "invites_page?", "t=", "token="]];

/// The rank of a run by the text before it; lower is likelier.
pub(super) fn rank(before: &str) -> usize {
    let ends = |end: &&str| {
        let start = before.len().checked_sub(end.len());
        start.and_then(|start| before.get(start..)).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
    };
    BEFORE.iter().position(|ends_with| ends_with.iter().any(&ends)).unwrap_or(BEFORE.len())
}

/// Letters and digits of every script, with combining marks; and control characters, which no program adds to a link.
pub(super) fn is_wordlike(one: char) -> bool {
    let control = one.is_control() && !one.is_whitespace();
    one.is_alphanumeric() || control || matches!(one, '\u{300}'..='\u{36f}')
}
