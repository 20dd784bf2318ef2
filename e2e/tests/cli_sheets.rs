//! `invites create --csv` and `--qr-sheet`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{HOST, TestServer, fails, misused};
use tempfile::TempDir;
use vestibule_e2e::{CliOutput, Vestibule};

/// Decodes all QR codes in pictures with an independent reader.
fn decoded(pictures: &[PathBuf]) -> BTreeSet<String> {
    let mut reader = Command::new("zbarimg");
    reader.args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"]).args(pictures);
    let output = CliOutput::of(reader).expect("zbarimg, from Debian's zbar-tools");
    // 4: no code found.
    assert!(matches!(output.code(), Some(0 | 4)), "{output}");
    let codes: BTreeSet<String> = output.stdout.lines().map(str::to_owned).collect();
    assert_eq!(codes.len(), output.stdout.lines().count(), "no code occurs twice");
    codes
}

/// Returns the codes of each page of a PDF. A page is rendered in three sizes, because the reader misses one code in
/// a hundred whose modules are no whole number of pixels.
fn pages(pdf: &Path, directory: &Path) -> Vec<BTreeSet<String>> {
    let mut pages = Vec::new();
    for size in ["150", "200", "300"] {
        let pictures_of_size = directory.join(size);
        fs::create_dir(&pictures_of_size).unwrap();
        let mut raster = Command::new("pdftoppm");
        raster.args(["-gray", "-r", size]).arg(pdf).arg(pictures_of_size.join("page"));
        let output = CliOutput::of(raster).expect("pdftoppm, from Debian's poppler-utils");
        assert!(output.success() && !output.stderr.contains("Syntax"), "an invalid PDF: {output}");
        let pictures = pictures(&pictures_of_size);
        pages.resize(pictures.len(), BTreeSet::new());
        for (page, picture) in pages.iter_mut().zip(pictures) {
            page.extend(decoded(&[picture]));
        }
    }
    pages
}

/// Renders the codes of a web page as pictures in `directory`, with four pixels a module.
fn drawings(html: &str, directory: &Path) -> Vec<PathBuf> {
    for (at, svg) in html.split("<svg ").skip(1).enumerate() {
        let between = |from: &str, to: &str| {
            let rest = svg.split_once(from).unwrap_or_else(|| panic!("no {from} in {svg}")).1;
            rest.split_once(to).unwrap().0
        };
        let side: usize = between("viewBox=\"0 0 ", " ").parse().unwrap();
        let mut light = vec![true; side * side];
        for run in between("<path d=\"M", "z\"").split("zM") {
            // X Yh LENGTH v1h-LENGTH
            let (corner, rest) = run.split_once('h').unwrap();
            let (x, y) = corner.split_once(' ').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let length: usize = rest.split_once("v1h-").unwrap().0.parse().unwrap();
            light[y * side + x..][..length].fill(false);
        }
        let mut picture = format!("P5 {} {} 255\n", side * 4, side * 4).into_bytes();
        for y in 0..side * 4 {
            picture.extend((0..side * 4).map(|x| if light[y / 4 * side + x / 4] { 255 } else { 0 }));
        }
        fs::write(directory.join(format!("{at:03}.pgm")), picture).unwrap();
    }
    pictures(directory)
}

fn pictures(directory: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|is| is == "pgm")).collect();
    files.sort();
    files
}

/// Creates invites with a sheet and returns the printed links.
fn sheet(test_server: &TestServer, path: &Path, more: &[&str]) -> BTreeSet<String> {
    let path = path.to_str().unwrap();
    let printed = test_server.done(&[&["invites", "create", HOST, "--qr-sheet", path], more].concat());
    printed.lines().map(str::to_owned).collect()
}

fn count(test_server: &TestServer) -> String {
    test_server.done(&["invites", "count", HOST])
}

#[test]
fn every_pdf_code_matches_a_printed_link() {
    let (test_server, directory) = (TestServer::new(), TempDir::new().unwrap());
    let path = directory.path().join("class.pdf");
    let links = sheet(&test_server, &path, &["--count", "9"]);
    assert_eq!(links.len(), 9);
    let pages = pages(&path, directory.path());
    assert_eq!(pages.iter().map(BTreeSet::len).collect::<Vec<_>>(), [8, 1], "eight cards a page");
    assert_eq!(pages.into_iter().flatten().collect::<BTreeSet<_>>(), links);
    test_server.all_open(&links, "created with a sheet");
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);

    let mut text = Command::new("pdftotext");
    text.args(["-raw"]).arg(&path).arg("-");
    let text = CliOutput::of(text).unwrap().stdout;
    assert_eq!(text.matches("You are invited to join").count(), 9, "{text}");
    assert_eq!(text.matches("Valid until").count(), 9, "{text}");
    let joined = text.replace('\n', "");
    assert!(links.iter().all(|link| joined.contains(link)), "each link is printed as text too: {text}");
}

/// What a program of poppler-utils says about a PDF.
fn poppler(program: &str, args: &[&str], pdf: &Path) -> String {
    let mut command = Command::new(program);
    command.args(args).arg(pdf);
    if program == "pdftotext" {
        command.arg("-");
    }
    let output = CliOutput::of(command).expect("Debian's poppler-utils");
    assert!(output.success() && output.stderr.is_empty(), "{output}");
    output.stdout
}

#[test]
fn a_pdf_writes_every_script_of_the_pages() {
    let cards = [
        ("school.example", "Žižkov École", "jürgen"),
        ("школа.example", "Школа № 5", "юлия"),
        ("σχολείο.example", "Σχολείο", "ιουλία"),
        // Without the ligature of lam and alef, whose letters pdftotext swaps.
        ("مدرسة.مثال", "مدرستنا", "كريم"),
        ("دبستان.نمونه", "گفتگوی", "ژاله"),
        ("学校.example", "雪之学校", "雪梅"),
        ("がっこう.example", "ゆきの学校", "ゆき"),
        ("학교.example", "눈 학교", "줄리엣"),
    ];
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("vestibule.toml");
    let sites = cards.map(|(host, site, _)| format!("[hosts.\"{host}\"]\nsite_name = \"{site}\"\n"));
    fs::write(&config, sites.concat()).unwrap();
    let server = Vestibule::builder().env("VESTIBULE_CONFIG", &config).start().unwrap();
    for (number, (host, site, username)) in cards.into_iter().enumerate() {
        let path = folder.path().join(format!("{number}.pdf"));
        let invited = format!("{username}@{host}");
        let args = ["invites", "create", &invited, "--qr-sheet", path.to_str().unwrap()];
        let output = server.cli(&args).unwrap();
        assert!(output.success() && !output.stderr.contains("Warning"), "{output}");
        let text = poppler("pdftotext", &["-raw"], &path);
        // With marks of direction, and hosts from right to left in the order of their labels on paper.
        let text = text.replace(['\u{202a}', '\u{202b}', '\u{202c}'], "");
        for expected in [site, username].into_iter().chain(host.split('.')) {
            assert!(text.contains(expected), "no {expected} in {text}");
        }
        // Each font is embedded, as a subset.
        let fonts = poppler("pdffonts", &[], &path);
        assert!(fonts.lines().count() > 3, "{fonts}");
        for font in fonts.lines().skip(2) {
            assert!(font.contains(" yes yes yes "), "{font}");
        }
        assert!(fs::metadata(&path).unwrap().len() < 100_000, "{invited}");
    }
}

#[test]
fn every_html_code_matches_a_printed_link() {
    let (test_server, directory) = (TestServer::new(), TempDir::new().unwrap());
    let path = directory.path().join("class.html");
    let links = sheet(&test_server, &path, &["--count", "9"]);
    let html = fs::read_to_string(&path).unwrap();
    assert_eq!(html.matches("<section ").count(), 2, "eight cards a page");
    assert_eq!(decoded(&drawings(&html, directory.path())), links);
    let text = html.replace("<wbr>", "");
    assert!(
        links.iter().all(|link| text.contains(&format!(">{link}</p>"))),
        "each link is printed as text too"
    );
    for never in ["<script", "<link", "<img", "url(", "@import"] {
        assert!(!html.contains(never), "it loads nothing: {never}");
    }
}

#[test]
fn a_card_shows_the_site_and_the_username() {
    let directory = TempDir::new().unwrap();
    let config = directory.path().join("vestibule.toml");
    fs::write(&config, "[hosts.\"localhost\"]\nsite_name = \"Tom & <Jerry>\"\n").unwrap();
    let server = Vestibule::builder().env("VESTIBULE_CONFIG", &config).start().unwrap();
    let test_server = TestServer::of(server);
    let path = directory.path().join("juliet.html");
    let printed =
        test_server.done(&["invites", "create", "juliet@localhost", "--qr-sheet", path.to_str().unwrap()]);
    let html = fs::read_to_string(&path).unwrap();
    for part in ["<title>Invites to Tom &amp; &lt;Jerry&gt;</title>", ">localhost</p>", ">juliet</p>"] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains("<Jerry>"));
    assert_eq!(decoded(&drawings(&html, directory.path())), BTreeSet::from([printed]));
}

#[test]
fn an_invalid_sheet_creates_no_invites() {
    let (test_server, directory) = (TestServer::new(), TempDir::new().unwrap());
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let create = |name: &str, more: &[&str]| {
        let path = path(name);
        test_server.server.cli(&[&["invites", "create", HOST, "--qr-sheet", &path], more].concat()).unwrap()
    };
    fs::write(path("there.pdf"), "precious").unwrap();
    fails(&create("there.pdf", &[]), &["already exists", "remove it", "there.pdf"]);
    assert_eq!(fs::read_to_string(path("there.pdf")).unwrap(), "precious");
    fails(&create("no/such/directory.html", &[]), &["cannot create the sheet", "directory.html"]);
    for name in ["sheet", "sheet.png", "sheet.pdf.txt", "pdf"] {
        let output = create(name, &[]);
        misused(&output);
        assert!(output.stderr.contains(".pdf or .html"), "{output}");
    }
    misused(&create("many.pdf", &["--count", "100001"]));
    assert_eq!(count(&test_server), "0");

    // Refused by the store, after the file was created: it is removed again.
    test_server.done(&["invites", "create", "juliet@localhost"]);
    let args = ["invites", "create", "juliet@localhost", "--qr-sheet", &path("juliet.pdf")];
    test_server.fails(&args, &["reserved"]);
    let left: Vec<_> =
        fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["there.pdf"]);
}

#[test]
fn a_failed_sheet_loses_no_links() {
    let (test_server, directory) = (TestServer::new(), TempDir::new().unwrap());
    let config = directory.path().join("vestibule.toml");
    // A landing page with a link that is too long for a QR code.
    let landing = format!("https://example.com/{}?token={{token}}", "x".repeat(3000));
    fs::write(&config, format!("[hosts.\"localhost\"]\nlanding_url = \"{landing}\"\n")).unwrap();
    let path = directory.path().join("class.pdf");
    let args =
        ["--config", config.to_str().unwrap(), "invites", "create", HOST, "--count", "3", "--qr-sheet"];
    let output = test_server.server.cli(&[&args[..], &[path.to_str().unwrap()]].concat()).unwrap();
    assert_eq!(output.code(), Some(1), "{output}");
    assert_eq!(output.stdout.lines().count(), 3);
    assert!(output.stderr.contains("their links are printed, but the sheet"), "{output}");
    assert_eq!((count(&test_server).as_str(), path.exists()), ("3", false));
}

#[test]
fn columns_hold_links_that_open() {
    let (test_server, directory) = (TestServer::new(), TempDir::new().unwrap());
    let path = directory.path().join("class.html");
    let more = ["--count", "5", "--csv", "--uses", "unlimited", "--kind", "contact", "--contact", "romeo"];
    let said = ["--inviter-name", "Romeo M.", "--message", "=Hello", "--language", "DE"];
    let printed = test_server.done(
        &[&["invites", "create", HOST, "--qr-sheet", path.to_str().unwrap()], &more[..], &said].concat(),
    );
    let mut rows = csv::Reader::from_reader(printed.as_bytes());
    let names = "id url uri token kind username inviter max_uses expires_at message inviter_name language";
    let names: Vec<&str> = names.split(' ').collect();
    assert_eq!(rows.headers().unwrap(), &names[..]);
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 5);
    let column = |name| names.iter().position(|known| *known == name).unwrap();
    for row in &rows {
        let (id, url, token) = (&row[column("id")], &row[column("url")], &row[column("token")]);
        assert!(url.ends_with(&format!("/invite/{token}")), "{row:?}");
        assert_eq!(&row[column("uri")], format!("xmpp:romeo@localhost?roster;preauth={token}"));
        assert_eq!([&row[4], &row[5], &row[6], &row[7]], ["contact", "", "romeo", ""]);
        assert_eq!([&row[9], &row[10], &row[11]], ["'=Hello", "Romeo M.", "de"]);
        let shown = test_server.done(&["invites", "show", HOST, id, "--json"]);
        let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
        assert_eq!((&shown["url"], &shown["expires_at"]), (&url.into(), &row[8].into()));
    }
    let links: BTreeSet<String> = rows.iter().map(|row| row[column("url")].to_owned()).collect();
    test_server.all_open(&links, "from a column");
    let sheet = fs::read_to_string(&path).unwrap();
    assert_eq!(decoded(&drawings(&sheet, directory.path())), links);
    assert_eq!(sheet.matches("\u{2068}Romeo M.\u{2069} invites you to chat").count(), 5);

    misused(&test_server.server.cli(&["invites", "create", HOST, "--csv", "--json"]).unwrap());
    misused(&test_server.server.cli(&["--json", "invites", "create", HOST, "--csv"]).unwrap());
    misused(
        &test_server.server.cli(&["invites", "create", "juliet@localhost", "--csv", "--uses", "2"]).unwrap(),
    );
    assert_eq!(count(&test_server), "5");
}
