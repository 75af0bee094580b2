//! Lists of words and phrases.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::words::{Word, forms, words};
use crate::error::{Error, Result};
use crate::text::Normalizer;

/// Phrases as sequences of words of the light view.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub(super) struct Phrases {
    /// By first word: the words after it.
    rests: BTreeMap<String, Vec<Vec<String>>>,
}

impl TryFrom<Vec<String>> for Phrases {
    type Error = Error;

    fn try_from(phrases: Vec<String>) -> Result<Self> {
        let mut normalizer = Normalizer::with_spans();
        let mut rests: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
        for phrase in phrases {
            let mut words = words(&phrase, &mut normalizer)?.into_iter().map(|word| word.text);
            let first = words
                .next()
                .ok_or_else(|| Error::invalid("phrase", &phrase, "at least one word"))?;
            rests.entry(first).or_default().push(words.collect());
        }
        Ok(Self { rests })
    }
}

impl Phrases {
    /// The first phrase in the text, as words of the light view; its first word may have Arabic particles before it.
    pub(super) fn find(&self, words: &[Word]) -> Option<String> {
        (0..words.len()).find_map(|start| self.at(&words[start..], forms))
    }

    /// As [`Self::find`], without particles.
    pub(super) fn find_exact(&self, words: &[Word]) -> Option<String> {
        (0..words.len()).find_map(|start| self.at(&words[start..], std::iter::once))
    }

    /// As [`Self::find`], but only where a sentence begins.
    pub(super) fn find_at_starts(&self, words: &[Word]) -> Option<String> {
        let mut starts = (0..words.len()).filter(|&start| words[start].begins_sentence);
        starts.find_map(|start| self.at(&words[start..], forms))
    }

    /// Whether the word alone, as it stands, is in the list.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.rests
            .get(word)
            .is_some_and(|rests| rests.iter().any(Vec::is_empty))
    }

    /// Whether the word alone, perhaps behind Arabic particles, is in the list.
    pub(super) fn contains_form(&self, word: &str) -> bool {
        forms(word).any(|form| self.contains(form))
    }

    /// The phrase that the words begin with.
    fn at<'a, I>(&self, words: &'a [Word], forms: impl Fn(&'a str) -> I) -> Option<String>
    where
        I: Iterator<Item = &'a str>,
    {
        let (first, after) = words.split_first()?;
        forms(&first.text).find_map(|form| {
            let rest = self
                .rests
                .get(form)?
                .iter()
                .find(|rest| begins_with(after, rest))?;
            Some(
                std::iter::once(form)
                    .chain(rest.iter().map(String::as_str))
                    .collect::<Vec<_>>()
                    .join(" "),
            )
        })
    }
}

fn begins_with(words: &[Word], phrase: &[String]) -> bool {
    words.len() >= phrase.len() && words.iter().zip(phrase).all(|(word, part)| word.text == *part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases(list: &[&str]) -> Phrases {
        let list: Vec<String> = list.iter().map(|&phrase| phrase.to_owned()).collect();
        Phrases::try_from(list).expect("words")
    }

    fn read(text: &str) -> Vec<Word> {
        words(text, &mut Normalizer::with_spans()).expect("short")
    }

    #[test]
    fn finds_whole_phrases_whatever_the_spelling() {
        let list = phrases(&["I agree", "أتفق مع هذا", "هذا"]);
        assert_eq!(list.find(&read("Well: I AGREE.")).as_deref(), Some("i agree"));
        assert_eq!(list.find(&read("أَتَّفِقُ مع هذا")).as_deref(), Some("اتفق مع هذا"));
        assert_eq!(list.find(&read("they agree with I")), None);
        assert_eq!(list.find(&read("وهذا")).as_deref(), Some("هذا"));
        assert_eq!(list.find_exact(&read("وهذا")), None);
        assert!(list.contains("هذا") && list.contains_form("وهذا") && !list.contains("i"));
    }

    #[test]
    fn starts_are_those_of_sentences() {
        let list = phrases(&["do not", "join"]);
        assert_eq!(
            list.find_at_starts(&read("They join. Do not ask")).as_deref(),
            Some("do not")
        );
        assert_eq!(list.find_at_starts(&read("They join and do not ask")), None);
    }

    #[test]
    fn empty_phrases_are_refused() {
        assert!(Phrases::try_from(vec![" . ".to_owned()]).is_err());
    }
}
