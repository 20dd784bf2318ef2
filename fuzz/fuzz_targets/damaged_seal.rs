//! A sealed token or preauth grant with flipped bits is refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule_core::{
    InviteId, PreauthGrantError, Randomness, RandomnessError, SealError, SealKey, Timestamp, Token,
};

struct Sevens;

impl Randomness for Sevens {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
        bytes.fill(7);
        Ok(())
    }
}

fn flip(bytes: &mut [u8], bits: &[u16]) {
    for bit in bits {
        let bit = usize::from(*bit) % (8 * bytes.len());
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
}

fuzz_target!(|bits: Vec<u16>| {
    let (key, now) = (SealKey::new(&[1; 32]), Timestamp::from_millis(1_800_000_000_000));
    let token = Token::draw(now, &Sevens).expect("a token");
    let id = token.lookup_key().id;
    let sealed = key.seal_token(id, &token);
    let mut damaged = sealed.clone();
    flip(&mut damaged, &bits);
    let expected = if damaged == sealed { Ok(token) } else { Err(SealError) };
    assert_eq!(key.open_token(id, &damaged), expected);

    let grant = key.admit(id, now, &Sevens).expect("a grant");
    let mut damaged = grant.clone().into_bytes();
    flip(&mut damaged, &bits);
    let Ok(damaged) = String::from_utf8(damaged) else { return };
    if damaged != grant {
        assert_eq!(key.read_admission(&damaged), Err(PreauthGrantError));
    }
    let mut other = id.to_bytes();
    flip(&mut other, &bits);
    if other != id.to_bytes() {
        assert_eq!(key.open_token(InviteId::from_bytes(other), &sealed), Err(SealError));
    }
});
