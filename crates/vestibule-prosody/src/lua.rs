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
mod tests;
