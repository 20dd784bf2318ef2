//! The page checks detect faults.

use std::fs;

use serde_json::json;
use tempfile::TempDir;
use vestibule_e2e::Vestibule;

use crate::appearance::check_pages_of;

/// A custom template with one fault of each kind.
const BAD: &str = r#"<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><title>Bad</title></head>
<body>
<main>
<h1>Bad</h1>
<p>{{ "{" }}site} and installed-open</p>
<img src="https://elsewhere.example/pixel.png">
<script>document.title = "run"</script>
<p class="wide">wide</p>
<p>None</p>
<p class="faint">faint</p>
<p class="cut">cut off, because it is too long for its place</p>
<a class="button one" href="?one">one</a>
<a class="button" href="?two">two</a>
</main>
</body>
</html>
"#;

const STYLE: &str = "h1 { padding-top: 40rem; }\n.wide { position: relative; left: 1500px; }\n.faint { color: #999; background: #fff; }\n\
    .cut { width: 3rem; overflow: hidden; white-space: nowrap; }\n\
    .button { display: inline-block; outline: 0 !important; }\n.one { position: relative; left: 40px; }\n";

#[test]
fn page_checks_detect_faults() {
    let directory = TempDir::new().unwrap();
    let write = |name: &str, text: &str| {
        fs::write(directory.path().join(name), text).unwrap();
        directory.path().join(name).display().to_string()
    };
    fs::create_dir(directory.path().join("templates")).unwrap();
    let head = "<head><meta charset=\"utf-8\">";
    let linked = format!("{head}<link rel=\"stylesheet\" href=\"{{{{ base }}}}/static/{{{{ style }}}}\">");
    write("templates/missing.html", &BAD.replace(head, &linked));
    let css = write("own.css", STYLE);
    let templates = directory.path().join("templates").display().to_string();
    let file = write(
        "vestibule.toml",
        &format!("templates_dir = \"{templates}\"\n[hosts.\"localhost\"]\ncss_file = \"{css}\"\n"),
    );
    let server = Vestibule::builder().arg("--config").arg(file).start().unwrap();
    let pages = [json!({ "name": "bad", "path": "/nowhere", "status": 404, "first": true })];
    let output = check_pages_of(&server.url(), &json!(["en", "ar"]), &pages, directory.path());
    assert_eq!(output.code(), Some(1), "{output}");
    for fault in [
        "axe image-alt",
        "requests another server: https://elsewhere.example/pixel.png",
        "console: ",
        "scrolls sideways",
        "exceeds the page",
        "is cut off",
        "contrast 2.8",
        "overlap",
        "not for people: {site}",
        "not for people: None",
        "the name of a message: installed-open",
        "the first action begins at y = ",
        "lang is de, not en",
        "dir is ",
        "not in its language",
        "has the focus and does not show it",
    ] {
        assert!(output.stdout.contains(fault), "not found: {fault}\n{output}");
    }
}
