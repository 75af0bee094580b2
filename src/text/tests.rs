//! Tests of the whole way from a text to its words.

use proptest::prelude::*;

use super::*;

fn normalized(text: &str) -> String {
    let mut normalizer = Normalizer::default();
    normalizer.normalize(text).expect("short enough").to_string()
}

proptest! {
    #[test]
    fn idempotent(text in "\\PC{0,40}") {
        let once = normalized(&text);
        prop_assert_eq!(normalized(&once), once);
    }

    #[test]
    fn idempotent_on_hard_alphabet(text in "[ اأإىيیةهكک لloOо0١1a-zA-Zßİ@._/:'\u{640}\u{654}\u{653}\u{200c}\u{fdfa}\u{fe70}\u{301}!?🔥-]{0,30}") {
        let once = normalized(&text);
        prop_assert_eq!(normalized(&once), once);
    }
}
