//! The sheet for a helper, on paper.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::json;
use vestibule_e2e::{CliOutput, Version, run_script};

use crate::appearance::read_code;
use crate::common::HOST;
use crate::test_server::{TestServer, screenshots};

const FORMATS: [&str; 2] = ["A4", "Letter"];

fn run(program: &str, args: &[&str]) -> String {
    let mut command = Command::new(program);
    command.args(args);
    let output = CliOutput::of(command).expect("a program from Debian's poppler-utils");
    assert!(output.success(), "{output}");
    output.text().to_owned()
}

/// Asserts that the file has one page with the code and the texts.
fn assert_sheet(file: &Path, link: &str, texts: &[&str]) {
    let path = file.to_str().unwrap();
    let pages = run("pdfinfo", &[path]);
    assert!(pages.lines().any(|line| line.split_whitespace().eq(["Pages:", "1"])), "{path}: {pages}");
    let words = run("pdftotext", &["-layout", path, "-"]);
    for text in texts {
        assert!(words.contains(text), "{path}: no {text:?} in {words}");
    }
    let picture = file.with_extension("");
    run("pdftoppm", &["-r", "100", "-png", "-singlefile", path, picture.to_str().unwrap()]);
    assert_eq!(read_code(&picture.with_extension("png")), link, "{path}");
}

#[test]
fn a_sheet_is_one_page_of_paper() {
    let test_server = TestServer::new(Version::V012);
    let wishes = json!({
        "kind": "account-and-contact", "inviter": "romeo",
        "inviter_name": "Maria Magdalena von Hohenstein-Wagner", "username": "gertrud",
    });
    let invite = test_server.mint(&wishes);
    for (language, device) in [("en", "ios"), ("de", "linux"), ("ar", "android"), ("ja", "android")] {
        let directory = screenshots().join(format!("sheet-{language}-{device}"));
        std::fs::create_dir_all(&directory).unwrap();
        let url = format!("{}?lang={language}&device={device}", invite.page("sheet"));
        let args = [url.as_str(), directory.to_str().unwrap(), FORMATS[0], FORMATS[1]];
        let output = run_script("print.mjs", &args, Duration::from_mins(2)).unwrap();
        assert!(output.success(), "{output}");
        for format in FORMATS {
            let address = format!("gertrud@{HOST}");
            let texts: &[&str] = if language == "en" { &[&address, "Monal"] } else { &[] };
            assert_sheet(&directory.join(format!("{format}.pdf")), &invite.link, texts);
        }
    }
}
