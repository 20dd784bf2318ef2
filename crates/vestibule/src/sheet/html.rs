//! HTML output: one self-contained file.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use vestibule_web::{Code, Escaped};

use super::{
    card::Card,
    layout::{COLUMNS, Role, Typesetter},
};

const STYLE: &str = include_str!("sheet.css");

/// Writes pages of cards.
#[derive(Debug)]
pub(super) struct Html<W>(W);

impl<W: Write> Html<W> {
    /// Writes the head of the document.
    pub(super) fn new(mut out: W, title: &str) -> io::Result<Self> {
        write!(
            out,
            "<!doctype html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src \
             'unsafe-inline'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"robots\" content=\"noindex, nofollow\">\n\
             <meta name=\"generator\" content=\"Vestibule {}\">\n\
             <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n",
            env!("CARGO_PKG_VERSION"),
            Escaped(title),
        )?;
        Ok(Self(out))
    }

    /// Writes a page.
    pub(super) fn page(&mut self, cards: &[Card], typesetter: &mut Typesetter) -> io::Result<()> {
        let mut page = String::from("<section class=\"page\">\n");
        for (at, card) in cards.iter().enumerate() {
            // Each cutting line between or around cards is drawn by one card only.
            let top_class = if at < usize::from(COLUMNS) { " top" } else { "" };
            let left_class = if at % usize::from(COLUMNS) == 0 { " left" } else { "" };
            let _ = writeln!(page, "<article class=\"card{top_class}{left_class}\">");
            page.push_str(&code(&Code::of(&card.link).map_err(io::Error::other)?));
            page.push_str(&texts(card, typesetter));
            page.push_str("</article>\n");
        }
        page.push_str("</section>\n");
        self.0.write_all(page.as_bytes())
    }

    /// Ends the document.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.0.write_all(b"</body>\n</html>\n")?;
        self.0.flush()
    }
}

/// The texts of a card: a column beside the code, and the link below it.
fn texts(card: &Card, typesetter: &mut Typesetter) -> String {
    let (mut column, mut foot) = (String::new(), String::new());
    for block in typesetter.blocks(card) {
        let part = if block.role.is_foot() { &mut foot } else { &mut column };
        let (class, text) = (class(block.role), Escaped(&block.text).to_string());
        let text = match text.rsplit_once('/') {
            Some((base, token)) if block.role == Role::Link => format!("{base}/<wbr>{token}"),
            _ => text,
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            part,
            "<p class=\"{class}\" dir=\"auto\" style=\"font-size:{}pt\">{text}</p>",
            block.size
        );
    }
    format!("<div class=\"column\">\n{column}</div>\n<div class=\"foot\">\n{foot}</div>\n")
}

const fn class(role: Role) -> &'static str {
    match role {
        Role::Heading => "heading",
        Role::Host => "host",
        Role::Offer => "offer",
        Role::Label | Role::LinkLabel => "label",
        Role::Username => "username",
        Role::Until => "until",
        Role::Link => "link",
    }
}

fn code(code: &Code) -> String {
    let (side, path) = (code.side, code.path());
    format!(
        "<svg class=\"code\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"QR code of the link below\" \
         shape-rendering=\"crispEdges\"><path d=\"{path}\"/></svg>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        sheet::card::tests::{LINK, invite},
        typography::Fonts,
    };
    use vestibule_core::Kind;

    #[test]
    fn values_are_escaped_and_nothing_is_loaded() {
        let invite = invite("example.com", Kind::Account, Some("juliet"), None);
        let evil = "</title><script src=\"https://evil.example/\"></script>";
        let card = Card::new(&invite, &format!("{LINK}?a=1&b=<\">"), Some(evil));
        let mut out = Vec::new();
        let mut html = Html::new(&mut out, evil).unwrap();
        html.page(&[card], &mut Typesetter::new(Fonts::with_folders(Vec::new()))).unwrap();
        html.finish().unwrap();
        let text = String::from_utf8(out).unwrap();
        for never in ["<script", "<link", "<img", "url(", "src=\"", "href=", "@import", "?a=1&b"] {
            assert!(!text.contains(never), "{never}");
        }
        assert!(text.contains("&lt;script src=&quot;https://evil.example/&quot;&gt;"), "{text}");
        assert!(text.contains("?a=1&amp;b=&lt;&quot;&gt;"), "{text}");
    }
}
