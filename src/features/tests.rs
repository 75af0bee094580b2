//! The obvious twins of the n-gram and vectorizer code.

use std::collections::{BTreeMap, BTreeSet};

use linfa::ParamGuard;
use proptest::prelude::*;

use super::*;
use crate::text::{Normalizer, TokenKind, View};

fn channel(view: View, unit: Unit, min_n: u8, max_n: u8) -> Channel {
    Channel::new(view, unit, min_n, max_n).expect("a valid channel")
}

/// The words of a text in a view, as strings, with their kind.
fn words(text: &str, view: View) -> Vec<(TokenKind, String)> {
    let mut normalizer = Normalizer::default();
    let text = normalizer.normalize(text).expect("short");
    let mut folded = Vec::new();
    text.tokens()
        .iter()
        .map(|&token| {
            view.fold(text.word(token), &mut folded, |_| {});
            (token.kind, folded.iter().collect::<String>())
        })
        .filter(|(_, word)| !word.is_empty())
        .collect()
}

/// Every n-gram as strings: the units, joined by tabs.
fn naive_ngrams(text: &str, channel: Channel) -> Vec<String> {
    let words = words(text, channel.view());
    let mut ngrams = Vec::new();
    match channel.unit() {
        Unit::Word => {
            for n in channel.min_n()..=channel.max_n() {
                for window in words.windows(n) {
                    let parts: Vec<&str> = window.iter().map(|(_, word)| word.as_str()).collect();
                    ngrams.push(parts.join("\t"));
                }
            }
        }
        Unit::Character => {
            for (kind, word) in words {
                if kind == TokenKind::Word {
                    naive_characters(&format!(" {word} "), channel, &mut ngrams);
                }
            }
        }
    }
    ngrams
}

fn naive_characters(word: &str, channel: Channel, ngrams: &mut Vec<String>) {
    let letters: Vec<char> = word.chars().collect();
    let longest = channel.max_n().min(letters.len());
    let orders: BTreeSet<usize> = (channel.min_n().min(letters.len())..=longest).collect();
    for n in orders {
        for window in letters.windows(n) {
            if window != [' '] {
                ngrams.push(window.iter().map(char::to_string).collect::<Vec<_>>().join("\t"));
            }
        }
    }
}

/// Hashes drawn by the code under test.
fn hashes(text: &str, channel: Channel) -> Vec<u64> {
    let mut normalizer = Normalizer::default();
    let text = normalizer.normalize(text).expect("short");
    let mut hashes = Vec::new();
    ngram::for_each(text, channel, &mut ngram::NgramScratch::default(), |hash, _| {
        hashes.push(hash)
    });
    hashes
}

fn counts<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item).or_insert(0) += 1;
    }
    counts
}

fn any_channel() -> impl Strategy<Value = Channel> {
    let view = prop::sample::select(&View::ALL);
    let range = prop_oneof![
        (1..=3_u8, 1..=3_u8).prop_map(|(a, b)| (Unit::Word, a.min(b), a.max(b))),
        (1..=6_u8, 1..=6_u8).prop_map(|(a, b)| (Unit::Character, a.min(b), a.max(b))),
    ];
    (view, range).prop_map(|(view, (unit, min_n, max_n))| channel(view, unit, min_n, max_n))
}

const TEXT: &str = "[abAB اأبةىءو0-9@?!.ـ ]{0,40}";

proptest! {
    /// Equal n-grams have equal hashes, distinct ones distinct hashes, and none is missing or twice.
    #[test]
    fn hashes_agree_with_strings(a in TEXT, b in TEXT, channel in any_channel()) {
        let text = format!("{a} {b}");
        let by_hash = counts(hashes(&text, channel));
        let by_string = counts(naive_ngrams(&text, channel));
        let mut left: Vec<usize> = by_hash.values().copied().collect();
        let mut right: Vec<usize> = by_string.values().copied().collect();
        left.sort_unstable();
        right.sort_unstable();
        prop_assert_eq!(left, right);
    }

    /// The letters named by an n-gram are those of the strings, in the light view.
    #[test]
    fn letters_spell_the_ngram(text in TEXT, n in 1..=6_u8) {
        let channel = channel(View::Light, Unit::Character, n, n);
        let mut normalizer = Normalizer::default();
        let normalized = normalizer.normalize(&text).expect("short").clone();
        let mut found = Vec::new();
        ngram::for_each(&normalized, channel, &mut ngram::NgramScratch::default(), |_, letters| {
            found.push(normalized.letters()[letters].iter().collect::<String>());
        });
        let expected = naive_ngrams(&text, channel)
            .into_iter()
            .map(|ngram| ngram.replace(['\t', ' '], ""));
        prop_assert_eq!(counts(found), counts(expected));
    }
}

#[test]
fn hashes_differ_between_channels_and_orders() {
    let mut seen = BTreeSet::new();
    let mut drawn = 0;
    for view in View::ALL {
        for channel in [
            channel(view, Unit::Word, 1, 3),
            channel(view, Unit::Character, 1, 6),
        ] {
            let hashes: BTreeSet<u64> = hashes("abcdef bcdefg", channel).into_iter().collect();
            drawn += hashes.len();
            seen.extend(hashes);
        }
    }
    assert_eq!(seen.len(), drawn);
}

#[test]
fn weights_are_those_of_the_formula() {
    let params = Vectorizer::params()
        .channels([channel(View::Light, Unit::Word, 1, 1)])
        .min_df(1)
        .check()
        .expect("valid");
    let texts = ["ant ant bee", "bee cat", "cow", "dog"];
    let terms = TermCounts::extract(&texts, params.channels()).expect("short");
    let vectorizer = params.fit(&terms, &[0, 1, 2, 3]).expect("five words");
    let idf = |df: f64| ((5.0 / (1.0 + df)).ln() * 1024.0).round() / 1024.0;
    let (ant, bee) = (idf(1.0), idf(2.0));
    let length = (2.0 * ant * ant + bee * bee).sqrt();
    let mut expected = [2.0 * ant / length, bee / length];
    expected.sort_by(f64::total_cmp);
    let matrix = vectorizer.transform(&terms, &[0]);
    let mut found: Vec<f64> = matrix.row(0).1.iter().map(|&x| f64::from(x)).collect();
    found.sort_by(f64::total_cmp);
    assert_eq!(found.len(), 2);
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
    }
}

/// The sum of squares of a text is to its mean over the training texts as `x`.
#[test]
fn lengths_are_those_of_the_formula() {
    let (short, long) = (0.5, 0.25);
    let params = Vectorizer::params()
        .channels([channel(View::Light, Unit::Word, 1, 1)])
        .min_df(1)
        .length(Length { short, long })
        .check()
        .expect("valid");
    let texts = ["ant bee", "bee cat", "cow", "dog"];
    let terms = TermCounts::extract(&texts, params.channels()).expect("short");
    let vectorizer = params.fit(&terms, &[0, 1, 2, 3]).expect("five words");
    let idf = |df: f64| ((5.0 / (1.0 + df)).ln() * 1024.0).round() / 1024.0;
    let expected_squares = |df: f64| (-idf(df)).exp() * idf(df).powi(2);
    let mean = 4.0 * expected_squares(1.0) + expected_squares(2.0);
    for (text, ngrams) in [(0, vec![idf(1.0), idf(2.0)]), (2, vec![idf(1.0)])] {
        let squares: f64 = ngrams.iter().map(|idf| idf * idf).sum();
        let x = squares / mean;
        let length = (mean * (short + x + long * x * x)).sqrt();
        let matrix = vectorizer.transform(&terms, &[text]);
        let found: f64 = matrix.row(0).1.iter().map(|&x| f64::from(x)).sum();
        assert!(
            (found - ngrams.iter().sum::<f64>() / length).abs() < 1e-6,
            "{text}"
        );
    }
}

#[test]
fn document_frequency_limits_hold() {
    let fit = |min_df, max_df| {
        let params = Vectorizer::params()
            .channels([channel(View::Light, Unit::Word, 1, 1)])
            .min_df(min_df)
            .max_df(max_df)
            .check()
            .expect("valid");
        let terms = TermCounts::extract(&["a b", "a b", "a c", "a"], params.channels()).expect("short");
        params
            .fit(&terms, &[0, 1, 2, 3])
            .map(|vectorizer| vectorizer.vocabulary().len())
    };
    assert_eq!(fit(1, 1.0).ok(), Some(3));
    assert_eq!(fit(2, 1.0).ok(), Some(2));
    assert_eq!(fit(2, 0.5).ok(), Some(1));
    let error = fit(3, 0.5).expect_err("nothing is left");
    assert!(error.to_string().contains("min_df"), "{error}");
}

#[test]
fn bad_choices_are_named() {
    for (params, parameter) in [
        (Vectorizer::params().channels([]), "channels"),
        (Vectorizer::params().min_df(0), "min_df"),
        (Vectorizer::params().max_df(f64::NAN), "max_df"),
        (Vectorizer::params().max_df(1.5), "max_df"),
        (
            Vectorizer::params().length(Length {
                short: -1.0,
                long: 0.0,
            }),
            "features.length.short",
        ),
    ] {
        let error = params.check().expect_err("not valid");
        assert!(error.to_string().contains(parameter), "{error}");
    }
    for (unit, min_n, max_n) in [
        (Unit::Word, 0, 1),
        (Unit::Word, 1, 4),
        (Unit::Character, 3, 2),
        (Unit::Character, 1, 7),
    ] {
        assert!(Channel::new(View::Light, unit, min_n, max_n).is_err());
    }
}

/// Look-ups in a table find what was put in, and nothing else, one by one and many together.
#[test]
fn vocabularies_find_their_hashes() {
    let mixed = |n: u64| n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    // Some share their first place and the low half.
    let mut hashes: Vec<u64> = (0..1000).map(mixed).collect();
    hashes.extend((1..4).map(|n| mixed(7) ^ (n << 33)));
    let vocabulary = Vocabulary::new(vec![hashes.clone()]).expect("distinct");
    let absent: Vec<u64> = (1000..3000).map(mixed).chain([mixed(7) ^ (5 << 33)]).collect();
    for (column, &hash) in hashes.iter().enumerate() {
        assert_eq!(vocabulary.get(hash).map(FeatureId::index), Some(column));
    }
    assert!(absent.iter().all(|&hash| vocabulary.get(hash).is_none()));
    let (mut known, mut first) = (Vec::new(), Vec::new());
    vocabulary.get_all(&[absent.clone(), hashes.clone()].concat(), &mut known, &mut first);
    assert!(known.iter().map(|id| id.index()).eq(0..hashes.len()));
    assert!(Vocabulary::new(vec![vec![1, 2], vec![2]]).is_err());
    assert!(Vocabulary::new(vec![vec![]]).expect("empty").get(0).is_none());
}
