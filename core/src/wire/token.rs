//! Tokens, nonces and signatures: what length is plausible.

use std::mem;

use zeroize::Zeroizing;

use crate::value::{InputError, Rule, Secret};

/// The longest nonce, signature or token that is accepted from a server; the documented limit is 128.
const LONGEST_SECRET: usize = 512;

/// The token, nonce or signature of an answer, if its length is plausible.
pub(super) fn token_of(mut text: Zeroizing<String>) -> Option<Secret> {
    check_token("session.token", mem::take(&mut *text)).ok()
}

/// A token, nonce or signature of a plausible length.
///
/// # Errors
/// [`InputError`] for `field`.
pub fn check_token(field: &'static str, text: String) -> Result<Secret, InputError> {
    let token = Secret::new(text);
    match token.expose().len() {
        0 => Err(InputError::new(field, Rule::Missing)),
        1..=LONGEST_SECRET => Ok(token),
        _ => Err(InputError::new(
            field,
            Rule::Length {
                min: 1,
                max: LONGEST_SECRET,
            },
        )),
    }
}
