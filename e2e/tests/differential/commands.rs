//! The original's command line.

use vestibule_e2e::{CliOutput, Prosody, Vestibule};

use crate::compare::Tally;
use crate::observe::Aspects;

/// The arguments after `mod_invites_api`, run in this order on servers without keys. `{id}` is the ID of the first new
/// key.
const COMMANDS: &[&[&str]] = &[
    &["list", "localhost"],
    &["create", "localhost", "Portal"],
    &["create", "localhost"],
    &["create", "localhost", "Two words"],
    &["list", "localhost"],
    &["delete", "localhost", "AAAAAAAAAAAA"],
    &["delete", "localhost", "{id}"],
    &["delete", "localhost", "{id}"],
    &["list", "localhost"],
    &["delete", "localhost"],
    &["create", "nowhere.example", "Portal"],
    &["list", "nowhere.example"],
    &["delete", "nowhere.example", "AAAAAAAAAAAA"],
    &["list"],
    &[],
    &["rename", "localhost"],
];

pub(crate) fn compare(original: &Prosody, ours: &Vestibule, tally: &mut Tally) {
    let theirs = run_all(&|args| original.ctl(args).unwrap());
    let mine = run_all(&|args| ours.cli(args).unwrap());
    for (at, (theirs, mine)) in theirs.iter().zip(&mine).enumerate() {
        let again = if COMMANDS[..at].contains(&COMMANDS[at]) { &["(again)"][..] } else { &[] };
        tally.compare(&[&["mod_invites_api"], COMMANDS[at], again].concat().join(" "), theirs, mine);
    }
}

fn run_all(run: &dyn Fn(&[&str]) -> CliOutput) -> Vec<Aspects> {
    let mut id = String::new();
    let mut all = Vec::new();
    for args in COMMANDS {
        let filled: Vec<String> = args.iter().map(|word| word.replace("{id}", &id)).collect();
        let args: Vec<&str> =
            ["mod_invites_api"].into_iter().chain(filled.iter().map(String::as_str)).collect();
        let output = run(&args);
        if let (true, Some((made, _))) = (id.is_empty(), output.text().split_once('/')) {
            made.clone_into(&mut id);
        }
        all.push(reduce(&output));
    }
    all
}

fn reduce(output: &CliOutput) -> Aspects {
    let code = output.code().map_or_else(|| "a signal".to_owned(), |code| code.to_string());
    [("exit code", code), ("stdout", shape(&output.stdout)), ("stderr", shape(&output.stderr))]
        .into_iter()
        .map(|(aspect, value)| (aspect.to_owned(), value))
        .collect()
}

/// Replaces keys and IDs in the output by placeholders, and sorts the lines: the original's order is that of a hash
/// table.
fn shape(text: &str) -> String {
    if text.contains("sage:") {
        return "the usage".to_owned();
    }
    let mut lines: Vec<String> = text.lines().map(line).collect();
    lines.sort();
    if lines.is_empty() { "nothing".to_owned() } else { lines.join(", ") }
}

fn line(line: &str) -> String {
    let is_id = |part: &str| part.len() == 12 && is_base64url(part);
    match (line.split_once('/'), line.split_once('\t')) {
        (Some((id, secret)), _) if is_id(id) && secret.len() == 36 && is_base64url(secret) => {
            "KEY".to_owned()
        }
        (_, Some((id, name))) if is_id(id) => format!("ID<TAB>{name}"),
        _ => line.to_owned(),
    }
}

fn is_base64url(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}
