//! The lines of the shell, which programs parse.

use vestibule_e2e::{Prosody, Version};

use super::pair;

/// What a command printed, without what two runs never share.
fn lines(prosody: &Prosody, words: &[&str], token: Option<&str>) -> (bool, Vec<String>) {
    let output = prosody.ctl(words).unwrap();
    let text = format!("{}{}", output.stdout, output.stderr);
    let line = |line: &str| {
        let line = token.map_or_else(|| line.to_owned(), |token| line.replace(token, "TOKEN"));
        // Links are Vestibule's pages, columns as wide as its tokens.
        let words = line.split_whitespace().map(|word| match word {
            word if word.starts_with("http://") => "LINK".to_owned(),
            word if word.starts_with("xmpp:") && word.contains("preauth=") && !word.contains("TOKEN") => {
                "LINK".to_owned()
            }
            word if is_time(word) => "TIME".to_owned(),
            word => word.to_owned(),
        });
        words.collect::<Vec<_>>().join(" ")
    };
    (output.success(), text.lines().map(line).collect())
}

/// Of a day, or of a time of day, or of both.
fn is_time(word: &str) -> bool {
    word.len() >= 8 && word.chars().all(|letter| letter.is_ascii_digit() || "-:T".contains(letter))
}

/// The token in what a command printed.
fn token_in(prosody: &Prosody, words: &[&str]) -> String {
    let output = prosody.ctl(words).unwrap();
    assert!(output.success(), "{output}");
    let link = output.text().lines().next().expect("a link").trim_start_matches("OK: ").to_owned();
    let token = link.rsplit(['/', '=']).next().expect("a token").to_owned();
    if link.ends_with(";ibr=y") { link.split(['=', ';']).nth(2).expect("a token").to_owned() } else { token }
}

/// Programs parse these lines.
#[test]
fn the_shell_of_13_prints_prosodys_own_lines() {
    let (stock, test_server) = pair(Version::V13);
    let made: [&[&str]; 6] = [
        &["create_account", "localhost"],
        &["create_account", "--role", "prosody:member", "--role", "prosody:guest", "juliet@localhost"],
        &["create_account", "--expires-after", "1h", "localhost"],
        &["create_contact", "romeo@localhost"],
        &["create_contact", "--allow-registration", "romeo@localhost"],
        &["create_reset", "romeo@localhost"],
    ];
    for words in made {
        let [expected, found] = [&stock, &test_server.prosody]
            .map(|prosody| lines(prosody, &[&["shell", "invite"], words].concat(), None));
        assert_eq!(expected, found, "{words:?}");
    }
    for words in [
        &["create_account", "localhost"][..],
        &["create_account", "nurse@localhost"],
        &["create_contact", "--allow-registration", "romeo@localhost"],
    ] {
        let [expected, found] = [&stock, &test_server.prosody].map(|prosody| {
            let token = token_in(prosody, &[&["shell", "invite"], words].concat());
            let outputs: Vec<_> = ["show", "delete", "show", "delete"]
                .iter()
                .map(|word| lines(prosody, &["shell", "invite", word, "localhost", &token], Some(&token)))
                .collect();
            outputs
        });
        let without_page = |outputs: Vec<(bool, Vec<String>)>| -> Vec<(bool, Vec<String>)> {
            let keep = |lines: Vec<String>| {
                lines.into_iter().filter(|line| !line.starts_with("Web link:")).collect()
            };
            outputs.into_iter().map(|(ok, lines)| (ok, keep(lines))).collect()
        };
        assert_eq!(without_page(expected), without_page(found), "{words:?}");
    }
    let [expected, found] = [&stock, &test_server.prosody].map(|prosody| {
        let (ok, mut rows) = lines(prosody, &["shell", "invite", "list", "localhost"], None);
        // Tokens, in the order of nobody.
        for row in rows.iter_mut().skip(1) {
            if let Some((_, rest)) = row.clone().split_once(" | ") {
                *row = format!("TOKEN | {rest}");
            }
        }
        rows[1..].sort();
        (ok, rows)
    });
    assert_eq!(expected, found);
    for words in [
        &["create_contact", "localhost"][..],
        &["create_reset", "localhost"],
        &["create_account", "--expires-after", "soon", "localhost"],
        &["show", "localhost", "nonsense"],
    ] {
        let [expected, found] = [&stock, &test_server.prosody]
            .map(|prosody| lines(prosody, &[&["shell", "invite"], words].concat(), None));
        assert_eq!(expected, found, "{words:?}");
    }
}

/// The console of 0.12 has two words for invites.
#[test]
fn the_console_of_0_12_prints_prosodys_own_lines() {
    let (stock, test_server) = pair(Version::V012);
    for line in [
        "invite:create_account('localhost')",
        "invite:create_account('juliet@localhost')",
        "invite:create_contact('romeo@localhost', true)",
        "invite:create_contact('romeo@localhost')",
        "invite:create_account('nowhere.example')",
    ] {
        let [expected, found] =
            [&stock, &test_server.prosody].map(|prosody| lines(prosody, &["shell", line], None));
        assert_eq!(expected, found, "{line}");
    }
}
