//! A token is read as it stands, leads to one id, opens what it sealed and never prints itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule_core::{SealKey, Token};

fuzz_target!(|text: &str| {
    let Ok(token) = Token::parse(text) else { return };
    assert_eq!(token.expose(), text);
    assert!(!format!("{token:?}").contains(text));
    let (seal, id) = (SealKey::new(&[1; 32]), token.lookup_key().id);
    assert_eq!(seal.open_token(id, &seal.seal_token(id, &token)), Ok(token));
});
