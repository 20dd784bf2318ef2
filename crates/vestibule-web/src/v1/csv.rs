//! Invites as CSV.

use std::{borrow::Cow, io};

use super::invite_view::InviteView;

const COLUMNS: [&str; 12] = [
    "id",
    "url",
    "uri",
    "token",
    "kind",
    "username",
    "inviter",
    "max_uses",
    "expires_at",
    "message",
    "inviter_name",
    "language",
];

/// Writes invites as CSV (RFC 4180 with Unix line ends), row by row. `null` is an empty field.
///
/// A field that a spreadsheet would evaluate as a formula is prefixed with an apostrophe: names and
/// messages can begin with such a character, and a formula could send the links in other cells elsewhere.
#[derive(Debug)]
pub struct CsvWriter<W: io::Write>(csv::Writer<W>);

impl<W: io::Write> CsvWriter<W> {
    /// Writes the header row.
    pub fn new(out: W) -> io::Result<Self> {
        let mut rows = csv::Writer::from_writer(out);
        rows.write_record(COLUMNS).map_err(plain)?;
        Ok(Self(rows))
    }

    /// Continues without a header row.
    pub(crate) fn more(out: W) -> Self {
        Self(csv::Writer::from_writer(out))
    }

    /// Writes a row.
    pub fn write(&mut self, invite: &InviteView) -> io::Result<()> {
        let max_uses = invite.max_uses.map(|max| max.to_string());
        let row = [
            Some(invite.id.as_str()),
            invite.url.as_deref(),
            invite.uri.as_deref(),
            invite.token.as_deref(),
            Some(invite.kind),
            invite.username.as_deref(),
            invite.inviter.as_deref(),
            max_uses.as_deref(),
            Some(&invite.expires_at),
            invite.message.as_deref(),
            invite.inviter_name.as_deref(),
            invite.language.as_deref(),
        ];
        let row = row.map(|field| harmless(field.unwrap_or_default()));
        self.0.write_record(row.iter().map(|field| field.as_bytes())).map_err(plain)
    }

    /// Flushes, and returns the inner writer.
    pub(crate) fn into_inner(self) -> io::Result<W> {
        self.0.into_inner().map_err(|error| io::Error::other(error.error().to_string()))
    }

    /// Flushes the rows written so far.
    pub fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The field, prefixed with an apostrophe if it begins with `=`, `+`, `-`, `@`, their full-width forms, or the white
/// space that spreadsheets skip.
fn harmless(field: &str) -> Cow<'_, str> {
    const BEGINS: [char; 11] =
        ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    if field.starts_with(BEGINS) { format!("'{field}").into() } else { field.into() }
}

/// Writes a whole batch.
pub fn write_csv<'a>(
    out: impl io::Write,
    invites: impl IntoIterator<Item = &'a InviteView>,
) -> io::Result<()> {
    let mut rows = CsvWriter::new(out)?;
    for invite in invites {
        rows.write(invite)?;
    }
    rows.flush()
}

/// The underlying I/O error, whose kind distinguishes a closed pipe from a full disk.
fn plain(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v1::invite_view::tests::sample;

    #[test]
    fn a_batch_has_a_header_and_a_row_per_invite() {
        let mut out = Vec::new();
        let odd = InviteView {
            username: Some("a\"b,c\nd".to_owned()),
            max_uses: None,
            message: Some("Hello, you".to_owned()),
            inviter_name: Some("Ann".to_owned()),
            language: Some("pt-BR".to_owned()),
            ..sample()
        };
        write_csv(&mut out, [&sample(), &odd]).unwrap();
        let text = String::from_utf8(out).unwrap();
        let expected = "id,url,uri,token,kind,username,inviter,max_uses,expires_at,message,inviter_name,language\n\
            ID,https://a.example/invite/T,xmpp:a.example?register;preauth=T,T,account,,,1,2027-01-15T08:00:00Z,,,\n\
            ID,https://a.example/invite/T,xmpp:a.example?register;preauth=T,T,account,\"a\"\"b,c\nd\",,,\
            2027-01-15T08:00:00Z,\"Hello, you\",Ann,pt-BR\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn formulas_are_neutralized() {
        for name in ["=1+1", "+cmd", "-x", "@sum", "\ta", "\r=a", "\n=a", "＝a", "＋a", "－a", "＠a"] {
            let mut out = Vec::new();
            write_csv(&mut out, [&InviteView { inviter: Some(name.to_owned()), ..sample() }]).unwrap();
            let mut rows = csv::Reader::from_reader(out.as_slice());
            let row = rows.records().next().unwrap().unwrap();
            assert_eq!(row.get(6), Some(format!("'{name}").as_str()), "{name:?}");
            let mut out = Vec::new();
            write_csv(&mut out, [&InviteView { message: Some(name.to_owned()), ..sample() }]).unwrap();
            let mut rows = csv::Reader::from_reader(out.as_slice());
            let row = rows.records().next().unwrap().unwrap();
            assert_eq!(row.get(9), Some(format!("'{name}").as_str()), "{name:?}");
        }
        for name in ["a=b", "'=a", "", "a-b", "0"] {
            assert_eq!(harmless(name), name);
        }
    }

    #[test]
    fn an_empty_batch_is_only_a_header() {
        let mut out = Vec::new();
        write_csv(&mut out, []).unwrap();
        assert_eq!(
            out,
            b"id,url,uri,token,kind,username,inviter,max_uses,expires_at,message,inviter_name,language\n"
        );
    }

    #[test]
    fn a_closed_pipe_is_distinguished_from_other_errors() {
        struct Closed;
        impl io::Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        assert_eq!(write_csv(Closed, []).unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}
