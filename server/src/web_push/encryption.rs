//! The encryption of a message for one browser (RFC 8291), as `aes128gcm` in one record (RFC 8188).

use ring::{
    aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral},
    error::Unspecified,
    hkdf::{HKDF_SHA256, KeyType, Prk, Salt},
    rand::{SecureRandom, SystemRandom},
};
use store::PUSH_KEY_BYTES;

/// The longest body that every push service takes (RFC 8030 §7.2).
const BODY: usize = 4_096;
/// Salt, size of a record, length of the key, and the key.
const HEADER: usize = 16 + 4 + 1 + PUSH_KEY_BYTES;
const TAG: usize = 16;
/// The longest text of a message; a byte stands behind it.
pub(super) const LONGEST: usize = BODY - HEADER - TAG - 1;
/// Messages are filled up to a multiple of this: their length says little of what is in them.
const STEP: usize = 256;

/// The browser that a message is for.
#[derive(Clone, Copy)]
pub(super) struct Recipient<'a> {
    /// Its public key.
    pub(super) p256dh: &'a [u8],
    /// The secret by which it knows its sender.
    pub(super) auth: &'a [u8],
}

/// Encrypts a text, of at most [`LONGEST`] bytes, with a key of its own.
///
/// # Errors
/// When the browser's key is no point of the curve, or the system has no randomness.
pub(super) fn encrypt(to: Recipient<'_>, text: &[u8]) -> Result<Vec<u8>, Unspecified> {
    let random = SystemRandom::new();
    let mut salt = [0; 16];
    random.fill(&mut salt)?;
    let own = EphemeralPrivateKey::generate(&ECDH_P256, &random)?;
    let public = own.compute_public_key()?;
    let padded = (text.len() + 1).next_multiple_of(STEP).clamp(text.len() + 1, LONGEST + 1);
    let mut record = text.to_vec();
    // The last record's mark, and what fills it up (RFC 8188 §2).
    record.push(2);
    record.resize(padded.max(record.len()), 0);
    agree_ephemeral(own, &UnparsedPublicKey::new(&ECDH_P256, to.p256dh), |shared| {
        seal(to, (public.as_ref(), shared), salt, record)
    })?
}

/// Seals a record under the keys that both sides derive from the shared secret.
fn seal(
    to: Recipient<'_>,
    (public, shared): (&[u8], &[u8]),
    salt: [u8; 16],
    mut record: Vec<u8>,
) -> Result<Vec<u8>, Unspecified> {
    let mut ikm = [0; 32];
    let info = [b"WebPush: info\0", to.p256dh, public];
    Salt::new(HKDF_SHA256, to.auth).extract(shared).expand(&info, Length(ikm.len()))?.fill(&mut ikm)?;
    let prk = Salt::new(HKDF_SHA256, &salt).extract(&ikm);
    let (mut key, mut nonce) = ([0; 16], [0; 12]);
    derive(&prk, b"Content-Encoding: aes128gcm\0", &mut key)?;
    derive(&prk, b"Content-Encoding: nonce\0", &mut nonce)?;
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key)?);
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut record)?;
    let mut body = Vec::with_capacity(HEADER + record.len());
    body.extend(salt);
    body.extend((BODY as u32).to_be_bytes());
    body.push(PUSH_KEY_BYTES as u8);
    body.extend(public);
    body.extend(record);
    Ok(body)
}

fn derive(prk: &Prk, info: &[u8], into: &mut [u8]) -> Result<(), Unspecified> {
    prk.expand(&[info], Length(into.len()))?.fill(into)
}

/// The bytes that are derived.
struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).expect("base64url")
    }

    /// RFC 8291, appendix A.
    #[test]
    fn the_message_of_the_specification_is_made_byte_by_byte() {
        let p256dh =
            bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        let auth = bytes("BTBZMqHH6r4Tts7J_aSIgg");
        let public =
            bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
        let shared = bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().expect("16 bytes");
        let mut record = b"When I grow up, I want to be a watermelon".to_vec();
        record.push(2);
        let to = Recipient { p256dh: &p256dh, auth: &auth };
        let body = seal(to, (&public, &shared), salt, record).expect("sealed");
        let expected = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS\
                        6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        assert_eq!(URL_SAFE_NO_PAD.encode(body), expected);
    }

    #[test]
    fn a_message_fits_and_hides_its_length() {
        let random = SystemRandom::new();
        let browser = EphemeralPrivateKey::generate(&ECDH_P256, &random).expect("a key");
        let p256dh = browser.compute_public_key().expect("a point");
        let to = Recipient { p256dh: p256dh.as_ref(), auth: &[7; 16] };
        let length = |size: usize| encrypt(to, &vec![b'x'; size]).expect("encrypted").len();
        assert_eq!((length(0), length(100), length(255)), (length(1), length(255), HEADER + 256 + TAG));
        assert_eq!(length(256), HEADER + 512 + TAG);
        assert_eq!(length(LONGEST), BODY);
        assert_ne!(encrypt(to, b"a"), encrypt(to, b"a"), "each has a key and a salt of its own");
        // A point that is not on the curve.
        let mut bad = [4; PUSH_KEY_BYTES];
        bad[64] = 5;
        assert!(encrypt(Recipient { p256dh: &bad, auth: &[7; 16] }, b"a").is_err());
    }
}
