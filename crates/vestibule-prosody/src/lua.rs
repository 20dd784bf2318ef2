//! The files of Prosody's internal storage: one Lua table each, as `util.serialization` writes it.
//!
//! Only this subset of Lua is read: `return`, a table of strings, numbers and booleans, and nothing that would have to
//! be evaluated.

use serde_json::{Map, Number, Value};

/// How deep tables may be nested. A stored invite needs four levels.
const MAX_DEPTH: usize = 64;

/// The text is not a table as Prosody writes it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("line {line}: {problem}")]
pub struct LuaError {
    /// The line of the error, from 1.
    pub line: usize,
    problem: &'static str,
}

/// Reads a stored file. A table whose keys are 1, 2, 3, ... becomes an array, any other an object; numbers as keys
/// become text. Bytes that are not UTF-8 become U+FFFD.
pub fn read(file: &[u8]) -> Result<Value, LuaError> {
    let mut reader = Reader { rest: file, line: 1 };
    reader.expect(b"return", "expected `return`, as at the beginning of each stored file")?;
    let value = reader.value(0)?;
    reader.skip_whitespace();
    reader.take_if(b';');
    reader.skip_whitespace();
    if reader.rest.is_empty() { Ok(value) } else { Err(reader.error("expected the end of the file")) }
}

struct Reader<'a> {
    rest: &'a [u8],
    line: usize,
}

impl Reader<'_> {
    fn error(&self, problem: &'static str) -> LuaError {
        LuaError { line: self.line, problem }
    }

    fn skip_whitespace(&mut self) {
        while let Some((first, rest)) =
            self.rest.split_first().filter(|(first, _)| first.is_ascii_whitespace())
        {
            self.line += usize::from(*first == b'\n');
            self.rest = rest;
        }
    }

    fn take_if(&mut self, byte: u8) -> bool {
        match self.rest.split_first() {
            Some((first, rest)) if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn expect(&mut self, text: &[u8], problem: &'static str) -> Result<(), LuaError> {
        self.skip_whitespace();
        self.rest = self.rest.strip_prefix(text).ok_or_else(|| self.error(problem))?;
        Ok(())
    }

    fn value(&mut self, depth: usize) -> Result<Value, LuaError> {
        self.skip_whitespace();
        match self.rest.first() {
            Some(b'{') if depth >= MAX_DEPTH => Err(self.error("the tables are nested too deeply")),
            Some(b'{') => self.table(depth + 1),
            Some(b'"') => self.string().map(Value::String),
            Some(b'(') => self.infinite(),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            Some(b'a'..=b'z') => self.keyword(),
            Some(_) => Err(self.error("expected a table, a string, a number, true or false")),
            None => Err(self.error("the file ends in the middle of a table")),
        }
    }

    /// `{ value; [key] = value; name = value }`, with `;` or `,` between the entries.
    fn table(&mut self, depth: usize) -> Result<Value, LuaError> {
        self.expect(b"{", "expected a table")?;
        let mut entries = Entries::default();
        loop {
            self.skip_whitespace();
            if self.take_if(b'}') {
                return Ok(entries.into_value());
            }
            let key = self.key()?;
            let value = self.value(depth)?;
            if !entries.insert(key, value) {
                return Err(self.error("a key stands twice in a table"));
            }
            self.skip_whitespace();
            if !self.take_if(b';') && !self.take_if(b',') && self.rest.first() != Some(&b'}') {
                let is_cut_off = self.rest.is_empty();
                return Err(self.error(if is_cut_off {
                    "the file ends in the middle of a table"
                } else {
                    "expected ; or } after an entry of a table"
                }));
            }
        }
    }

    /// The key of an entry with its `=`; `None` for the next number.
    fn key(&mut self) -> Result<Option<String>, LuaError> {
        if self.take_if(b'[') {
            let key = match self.value(MAX_DEPTH)? {
                Value::String(text) => text,
                Value::Number(number) => number.to_string(),
                Value::Bool(truth) => truth.to_string(),
                _ => return Err(self.error("expected a string or a number as the key of an entry")),
            };
            self.expect(b"]", "expected ] after the key of an entry")?;
            self.expect(b"=", "expected = after the key of an entry")?;
            return Ok(Some(key));
        }
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let length = self.rest.iter().position(|byte| !is_name(byte)).unwrap_or(self.rest.len());
        let (name, after) = self.rest.split_at(length);
        let gap = after.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(after.len());
        let starts = name.first().is_some_and(|first| !first.is_ascii_digit());
        if !starts || after.get(gap) != Some(&b'=') {
            return Ok(None);
        }
        self.rest = after;
        self.expect(b"=", "expected = after the key of an entry")?;
        Ok(Some(String::from_utf8_lossy(name).into_owned()))
    }

    fn keyword(&mut self) -> Result<Value, LuaError> {
        for (word, value) in
            [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("nil", Value::Null)]
        {
            let after = self.rest.strip_prefix(word.as_bytes());
            let ends = |after: &&[u8]| {
                !after.first().is_some_and(|next| next.is_ascii_alphanumeric() || *next == b'_')
            };
            if let Some(after) = after.filter(ends) {
                self.rest = after;
                return Ok(value);
            }
        }
        Err(self.error("expected a table, a string, a number, true or false"))
    }

    /// `(1/0)`, `(-1/0)` and `(0/0)`. JSON has no such numbers: the largest and the smallest one, and nothing.
    fn infinite(&mut self) -> Result<Value, LuaError> {
        for (text, value) in
            [(&b"(1/0)"[..], f64::MAX.into()), (b"(-1/0)", f64::MIN.into()), (b"(0/0)", Value::Null)]
        {
            if let Some(after) = self.rest.strip_prefix(text) {
                self.rest = after;
                return Ok(value);
            }
        }
        Err(self.error("expected a number"))
    }

    fn number(&mut self) -> Result<Number, LuaError> {
        let is_part = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
        let length = self.rest.iter().position(|byte| !is_part(byte)).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(length);
        let text = std::str::from_utf8(text).unwrap_or_default();
        let whole = text.parse::<i64>().ok().map(Number::from);
        // `1e9999` is infinite.
        let finite = |number: f64| Number::from_f64(number.clamp(f64::MIN, f64::MAX));
        let number = whole.or_else(|| text.parse().ok().and_then(finite));
        self.rest = rest;
        number.ok_or_else(|| self.error("expected a number"))
    }

    fn string(&mut self) -> Result<String, LuaError> {
        self.expect(b"\"", "expected a string")?;
        let mut bytes = Vec::new();
        loop {
            let (first, rest) =
                self.rest.split_first().ok_or_else(|| self.error("the file ends inside a string"))?;
            self.rest = rest;
            match first {
                b'"' => return Ok(String::from_utf8_lossy(&bytes).into_owned()),
                b'\\' => bytes.push(self.escape()?),
                b'\n' => return Err(self.error("a string ends with its line")),
                other => bytes.push(*other),
            }
        }
    }

    /// The byte that an escape stands for: `\n`, `\"`, `\065`, or a line break.
    fn escape(&mut self) -> Result<u8, LuaError> {
        let (first, rest) =
            self.rest.split_first().ok_or_else(|| self.error("the file ends inside a string"))?;
        if first.is_ascii_digit() {
            let digits = self.rest.iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
            let (digits, rest) = self.rest.split_at(digits);
            self.rest = rest;
            let number = digits.iter().fold(0_u16, |number, digit| number * 10 + u16::from(digit - b'0'));
            return u8::try_from(number).map_err(|_| self.error("an escape above \\255 in a string"));
        }
        self.rest = rest;
        Ok(match first {
            b'a' => 0x07,
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 0x0b,
            b'\n' => {
                self.line += 1;
                b'\n'
            }
            b'\\' | b'"' | b'\'' => *first,
            _ => return Err(self.error("an unknown escape in a string")),
        })
    }
}

/// The entries of a table.
#[derive(Default)]
struct Entries {
    items: Map<String, Value>,
    /// Whether the keys are 1, 2, 3, ... up to now.
    is_list: bool,
    /// The key of the next entry without one.
    next: usize,
}

impl Entries {
    /// `false` if the key exists.
    fn insert(&mut self, key: Option<String>, value: Value) -> bool {
        let key = key.unwrap_or_else(|| {
            self.next += 1;
            self.next.to_string()
        });
        let position = self.items.len() + 1;
        self.is_list = (position == 1 || self.is_list) && key == position.to_string();
        self.items.insert(key, value).is_none()
    }

    fn into_value(self) -> Value {
        if self.is_list {
            return Value::Array(self.items.into_iter().map(|(_, value)| value).collect());
        }
        let is_set = |(_, value): &(String, Value)| !value.is_null();
        Value::Object(self.items.into_iter().filter(is_set).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_stored_file_is_read() {
        let file = b"return {\n\t[\"Tok-en_1\"] = {\n\t\t[\"allow_registration\"] = true;\n\t\t[\"expires\"] = 1800000000;\n\
            \t\t[\"created_at\"] = 1799999999.5;\n\t\t[\"jid\"] = \"a.example\";\n\t\t[\"additional_data\"] = {\n\
            \t\t\t[\"groups\"] = {\n\t\t\t\t\"one\";\n\t\t\t\t\"two\";\n\t\t\t};\n\t\t\t[\"note\"] = \"Gr\\195\\188\\195\\159e\\n\\\"\\092\";\n\
            \t\t\t[\"roles\"] = {};\n\t\t};\n\t};\n};\n";
        let expected = json!({"Tok-en_1": {
            "allow_registration": true,
            "expires": 1_800_000_000,
            "created_at": 1_799_999_999.5,
            "jid": "a.example",
            "additional_data": {"groups": ["one", "two"], "note": "Grüße\n\"\\", "roles": {}},
        }});
        assert_eq!(read(file), Ok(expected));
    }

    #[test]
    fn older_and_compact_forms_are_read() {
        for (file, expected) in [
            (&b"return {};"[..], json!({})),
            (b"return { }\n", json!({})),
            (b"return {a=1,b_2=\"x\"}", json!({"a": 1, "b_2": "x"})),
            (b"return { [1] = \"x\"; [2] = \"y\"; };", json!(["x", "y"])),
            (b"return { [2] = \"y\"; };", json!({"2": "y"})),
            (b"return { \"x\", k = true }", json!({"1": "x", "k": true})),
            (b"return { a = (0/0); b = nil; c = -1e3 }", json!({"c": -1000.0})),
            (
                b"return { a = (1/0); b = 1e9999; c = (-1/0) }",
                json!({"a": f64::MAX, "b": f64::MAX, "c": f64::MIN}),
            ),
            (b"return { a = \"one\\\ntwo\\0\" }", json!({"a": "one\ntwo\0"})),
            (b"return { a = \"\xff\" }", json!({"a": "\u{fffd}"})),
            (b"return { true, false }", json!([true, false])),
            (b"return { true_story = false }", json!({"true_story": false})),
        ] {
            assert_eq!(read(file), Ok(expected), "{}", String::from_utf8_lossy(file));
        }
    }

    #[test]
    fn damaged_and_active_files_are_rejected_with_the_line() {
        for (file, line) in [
            (&b""[..], 1),
            (b"return", 1),
            (b"return {\n\t[\"a\"] = {\n", 3),
            (b"return {\n\t[\"a\"] = \"x\n", 2),
            (b"return {\n\t[\"a\"] = \"x\\q\";\n};", 2),
            (b"return {\n\t[\"a\"] = \"\\300\";\n};", 2),
            (b"return { a = 1; a = 2 }", 1),
            (b"return { [{}] = 1 }", 1),
            (b"return { a = os.execute(\"x\") }", 1),
            (b"return { a = function() end }", 1),
            (b"return { [\"a\"] = 1 } + 1", 1),
            (b"return { a = 1 b = 2 }", 1),
            (b"return { a = 1--2 }", 1),
            (b"local x = 1\nreturn {}", 1),
            (b"\x1bLua", 1),
        ] {
            let error = read(file).unwrap_err();
            assert_eq!(error.line, line, "{}: {error}", String::from_utf8_lossy(file));
        }
    }

    #[test]
    fn deep_nesting_is_rejected() {
        let deep = |depth: usize| format!("return {}{}", "{".repeat(depth), "}".repeat(depth));
        assert!(read(deep(MAX_DEPTH).as_bytes()).is_ok());
        assert!(read(deep(MAX_DEPTH + 1).as_bytes()).is_err());
        assert!(read(deep(1_000_000).as_bytes()).is_err());
        assert!(read(format!("return {}", "[".repeat(1_000_000)).as_bytes()).is_err());
        assert!(read(format!("return {{{}", "[".repeat(1_000_000)).as_bytes()).is_err());
    }

    /// Writes a value as Prosody's `util.serialization` does.
    fn serialize(value: &Value, depth: usize) -> String {
        use std::fmt::Write;
        let indent = "\t".repeat(depth);
        let string = |text: &str| {
            let mut out = String::from("\"");
            for byte in text.bytes() {
                match byte {
                    b'\n' => out.push_str("\\n"),
                    b'"' => out.push_str("\\\""),
                    b'\\' => out.push_str("\\\\"),
                    0..=31 | b'\'' | 127.. => write!(out, "\\{byte:03}").unwrap(),
                    _ => out.push(char::from(byte)),
                }
            }
            out + "\""
        };
        let table = |entries: Vec<String>| {
            let body =
                entries.iter().map(|entry| format!("\n{indent}\t{entry};")).collect::<Vec<_>>().concat();
            let end = if entries.is_empty() { String::new() } else { format!("\n{indent}") };
            format!("{{{body}{end}}}")
        };
        match value {
            Value::Null => "nil".to_owned(),
            Value::Bool(truth) => truth.to_string(),
            Value::Number(number) => number.to_string(),
            Value::String(text) => string(text),
            Value::Array(items) => table(items.iter().map(|item| serialize(item, depth + 1)).collect()),
            Value::Object(items) => table(
                items
                    .iter()
                    .map(|(key, item)| format!("[{}] = {}", string(key), serialize(item, depth + 1)))
                    .collect(),
            ),
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(|number| json!(number)),
            "\\PC{0,12}|[\\x00-\\x7f]{0,12}".prop_map(Value::String),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 1..5).prop_map(Value::Array),
                prop::collection::btree_map("[a-zA-Z_-]{1,8}", inner, 0..5)
                    .prop_map(|items| Value::Object(items.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_prosody_writes_is_read_back(value in values()) {
            let file = format!("return {};\n", serialize(&value, 0));
            prop_assert_eq!(read(file.as_bytes()), Ok(value));
        }

        #[test]
        fn any_bytes_are_read_or_rejected(file in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&file);
            let _ = read(&[b"return {", &file[..]].concat());
        }

        #[test]
        fn a_truncated_file_is_rejected(
            value in prop::collection::btree_map("[a-z]{1,8}", values(), 1..5),
            cut in any::<prop::sample::Index>(),
        ) {
            let file = serialize(&Value::Object(value.into_iter().collect()), 0);
            let end = cut.index(file.len());
            let outcome = read(&[b"return ", &file.as_bytes()[..end]].concat());
            prop_assert!(outcome.is_err());
        }
    }
}
