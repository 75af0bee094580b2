//! Texts that say the same or nearly so, found exactly. Knows no labels and no files.
//!
//! Two texts are near duplicates if the Jaccard index of their sets of character 5-grams is at least 7/10. Not
//! every pair is compared: with the 5-grams of all texts in one order, rarest first, two such sets of `a` and `b`
//! members share one among the first `n - ceil(7n/10) + 1` of each, and `7a <= 10b` (prefix and size filter:
//! Chaudhuri, Ganti & Kaushik 2006; Bayardo, Ma & Srikant 2007, "Scaling up all pairs similarity search").

use std::collections::{BTreeMap, HashMap};

use crate::error::Result;
use crate::text::{Normalizer, TokenKind, View};

/// Length of the character n-grams.
const N: usize = 5;

/// What stands for a masked name; no letter of a normalized word.
const MASKED: char = '#';

/// Positions `(a, b)` of near duplicates, `a < b`, in ascending order.
///
/// Compared are the words in the folded [`View`], a space between them, without symbols; words of the light view
/// for which `mask` is true (invented names) and numbers all count as equal. A text without words has no duplicate.
/// Time depends on how many texts share rare n-grams: seconds for 10,000 posts.
///
/// # Errors
///
/// [`TextTooLong`](crate::ErrorKind::TextTooLong) for a text that cannot be normalized.
pub(crate) fn near_duplicates(texts: &[&str], mask: &dyn Fn(&str) -> bool) -> Result<Vec<(usize, usize)>> {
    let (mut sets, n) = gram_sets(texts, mask)?;
    sort_rarest_first(&mut sets, n);
    let mut pairs = similar_pairs(&sets, n);
    pairs.sort_unstable();
    Ok(pairs)
}

/// The similarity of each text to the one most like it: the Jaccard index that [`near_duplicates`] goes by, 0 to 1.
///
/// Compares every pair: time grows with the square of the number of texts. Texts without words are like no
/// other.
///
/// # Errors
///
/// [`TextTooLong`](crate::ErrorKind::TextTooLong) for a text that cannot be normalized.
pub(crate) fn similarities_to_nearest(texts: &[&str], mask: &dyn Fn(&str) -> bool) -> Result<Vec<f64>> {
    let (sets, _) = gram_sets(texts, mask)?;
    let mut nearest = vec![0.0_f64; sets.len()];
    for (b, set) in sets.iter().enumerate() {
        for (a, other) in sets[..b].iter().enumerate() {
            let similarity = jaccard(set, other);
            nearest[a] = nearest[a].max(similarity);
            nearest[b] = nearest[b].max(similarity);
        }
    }
    Ok(nearest)
}

/// Which of many texts are copies of each other.
///
/// *Exact*: the same but for case and white space. *Near*: a Jaccard index of at least 7/10 of the sets of
/// character 5-grams of the folded words, numbers all counting as equal. A text without words is a copy of none.
#[derive(Debug, Clone)]
pub struct Copies {
    /// For each text, a number that exact copies share.
    exact: Vec<usize>,
    /// For each text, a number that texts of the same n-grams share.
    alike: Vec<usize>,
    /// For each of those numbers, the numbers of texts that are near copies.
    near: Vec<Vec<usize>>,
}

/// Two copies that differ where they should not, by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clash {
    /// A text.
    pub text: usize,
    /// The first copy found that differs from it.
    pub copy: usize,
    /// Whether the copy is exact.
    pub exact: bool,
}

impl Copies {
    /// Compares all texts.
    ///
    /// Texts with the same n-grams are compared once. Time depends on how many others share rare n-grams: seconds for
    /// 10,000 posts.
    ///
    /// # Errors
    ///
    /// [`TextTooLong`](crate::ErrorKind::TextTooLong) for a text that cannot be normalized.
    pub fn find(texts: &[&str]) -> Result<Self> {
        let (sets, n) = gram_sets(texts, &|_| false)?;
        let has_words = sets.iter().map(|set| !set.is_empty());
        let spelled = texts.iter().zip(has_words);
        let spelled = spelled.map(|(text, has_words)| {
            if has_words {
                spelled_out(text)
            } else {
                String::new()
            }
        });
        let (exact, _) = numbered(spelled.collect(), String::is_empty);
        let (alike, mut distinct) = numbered(sets, Vec::is_empty);
        sort_rarest_first(&mut distinct, n);
        let mut near = vec![Vec::new(); distinct.len()];
        for (a, b) in similar_pairs(&distinct, n) {
            near[a].push(b);
            near[b].push(a);
        }
        near.iter_mut().for_each(|near| near.sort_unstable());
        Ok(Self { exact, alike, near })
    }

    /// How many pairs of texts are exact copies, and how many others are near copies.
    #[must_use]
    pub fn pairs(&self) -> (u64, u64) {
        let of_one_class = |sizes: &[u64]| {
            sizes
                .iter()
                .map(|size| size * size.saturating_sub(1) / 2)
                .sum::<u64>()
        };
        let alike = sizes(&self.alike);
        let near = self.near_classes().map(|(a, b)| alike[a] * alike[b]);
        let all = of_one_class(&alike) + near.sum::<u64>();
        let exact = of_one_class(&sizes(&self.exact));
        (exact, all.saturating_sub(exact))
    }

    /// Pairs of texts that connect all copies of each other, also those of copies.
    pub(crate) fn links(&self) -> Vec<(usize, usize)> {
        let (exact, alike) = (first_of_classes(&self.exact), first_of_classes(&self.alike));
        let texts = self.exact.iter().zip(&self.alike).enumerate();
        let links = texts.flat_map(|(text, (of, class))| [(exact[of], text), (alike[class], text)]);
        let near = self.near_classes().map(|(a, b)| (alike[&a], alike[&b]));
        links.filter(|(a, b)| a != b).chain(near).collect()
    }

    /// Each pair of classes whose texts are near copies, once.
    fn near_classes(&self) -> impl Iterator<Item = (usize, usize)> {
        let classes = self.near.iter().enumerate();
        classes.flat_map(|(a, near)| near.iter().filter(move |b| a < **b).map(move |&b| (a, b)))
    }

    /// Each text that has a copy of another kind, with the first such copy, an exact one before near ones; in the order
    /// of the texts. `kinds` has one entry a text; a text without a kind clashes with none.
    ///
    /// # Panics
    ///
    /// If there is not one kind for each text.
    #[must_use]
    pub fn clashes(&self, kinds: &[Option<usize>]) -> Vec<Clash> {
        assert_eq!(kinds.len(), self.exact.len(), "one kind for each text");
        let (exact, alike) = (
            first_of_kinds(&self.exact, kinds),
            first_of_kinds(&self.alike, kinds),
        );
        let clash = |text: usize| {
            let kind = kinds[text]?;
            let other = |first: &BTreeMap<usize, Vec<(usize, usize)>>, class: usize| {
                let others = first.get(&class).into_iter().flatten();
                others.filter(|(of, _)| *of != kind).map(|(_, copy)| *copy).min()
            };
            let class = self.alike[text];
            let mut near = std::iter::once(class).chain(self.near[class].iter().copied());
            let found = other(&exact, self.exact[text]).map(|copy| (copy, true));
            let (copy, exact) = found.or_else(|| {
                near.find_map(|class| other(&alike, class))
                    .map(|copy| (copy, false))
            })?;
            Some(Clash { text, copy, exact })
        };
        (0..kinds.len()).filter_map(clash).collect()
    }
}

/// A text in lower case, with one space for each run of white space.
fn spelled_out(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// The first text of each class.
fn first_of_classes(classes: &[usize]) -> HashMap<usize, usize> {
    let mut first = HashMap::new();
    for (text, &class) in classes.iter().enumerate() {
        first.entry(class).or_insert(text);
    }
    first
}

/// How many texts each class has.
fn sizes(classes: &[usize]) -> Vec<u64> {
    let mut sizes = vec![0; classes.iter().max().map_or(0, |last| last + 1)];
    classes.iter().for_each(|&class| sizes[class] += 1);
    sizes
}

/// The first text of each class with each of the first two kinds in it: one of them differs from any kind.
fn first_of_kinds(classes: &[usize], kinds: &[Option<usize>]) -> BTreeMap<usize, Vec<(usize, usize)>> {
    let mut first: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for (text, (&class, kind)) in classes.iter().zip(kinds).enumerate() {
        let Some(kind) = *kind else { continue };
        let seen = first.entry(class).or_default();
        if seen.len() < 2 && seen.iter().all(|(of, _)| *of != kind) {
            seen.push((kind, text));
        }
    }
    first
}

/// A number for each value, the same for equal ones, and the values by number; each `alone` value has its own.
fn numbered<T: Clone + Eq + std::hash::Hash>(
    values: Vec<T>,
    alone: impl Fn(&T) -> bool,
) -> (Vec<usize>, Vec<T>) {
    let mut numbers = HashMap::new();
    let mut distinct: Vec<T> = Vec::new();
    let number = |value: T| {
        let next = distinct.len();
        let number = if alone(&value) {
            next
        } else {
            *numbers.entry(value.clone()).or_insert(next)
        };
        if number == next {
            distinct.push(value);
        }
        number
    };
    (values.into_iter().map(number).collect(), distinct)
}

/// The n-grams of each text as sorted numbers, and how many numbers there are.
fn gram_sets(texts: &[&str], mask: &dyn Fn(&str) -> bool) -> Result<(Vec<Vec<usize>>, usize)> {
    let mut normalizer = Normalizer::default();
    let mut numbers = HashMap::new();
    let mut sets = Vec::with_capacity(texts.len());
    for text in texts {
        let letters = masked(text, mask, &mut normalizer)?;
        sets.push(grams(&letters, &mut numbers));
    }
    Ok((sets, numbers.len()))
}

/// The folded words of a text, with names masked.
fn masked(text: &str, mask: &dyn Fn(&str) -> bool, normalizer: &mut Normalizer) -> Result<Vec<char>> {
    let text = normalizer.normalize(text)?;
    let mut letters = Vec::new();
    let mut folded = Vec::new();
    for &token in text
        .tokens()
        .iter()
        .filter(|token| token.kind != TokenKind::Symbol)
    {
        if !letters.is_empty() {
            letters.push(' ');
        }
        let word = text.word(token);
        if mask(&word.iter().collect::<String>()) {
            letters.push(MASKED);
        } else {
            View::Folded.fold(word, &mut folded, |_| {});
            letters.append(&mut folded);
        }
    }
    Ok(letters)
}

/// The distinct n-grams of a text as numbers; a text shorter than one n-gram is one, filled up.
fn grams(letters: &[char], numbers: &mut HashMap<[char; N], usize>) -> Vec<usize> {
    let mut number = |gram: [char; N]| {
        let next = numbers.len();
        *numbers.entry(gram).or_insert(next)
    };
    let mut grams: Vec<usize> = match letters.len() {
        0 => Vec::new(),
        length if length < N => {
            let mut gram = ['\0'; N];
            gram[..length].copy_from_slice(letters);
            vec![number(gram)]
        }
        _ => letters
            .windows(N)
            .filter_map(|gram| gram.try_into().ok())
            .map(number)
            .collect(),
    };
    grams.sort_unstable();
    grams.dedup();
    grams
}

/// Numbers the `n` n-grams anew, by how many sets hold them, and sorts each set.
fn sort_rarest_first(sets: &mut [Vec<usize>], n: usize) {
    let mut frequencies = vec![0_usize; n];
    for &gram in sets.iter().flatten() {
        frequencies[gram] += 1;
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|&gram| (frequencies[gram], gram));
    let mut ranks = vec![0; n];
    for (rank, gram) in order.into_iter().enumerate() {
        ranks[gram] = rank;
    }
    for set in sets {
        for gram in set.iter_mut() {
            *gram = ranks[*gram];
        }
        set.sort_unstable();
    }
}

/// Similar pairs of sets whose `n` members are ordered rarest first.
fn similar_pairs(sets: &[Vec<usize>], n: usize) -> Vec<(usize, usize)> {
    let mut by_size: Vec<usize> = (0..sets.len()).collect();
    by_size.sort_by_key(|&set| (sets[set].len(), set));
    let mut seen_by = vec![usize::MAX; sets.len()];
    let mut index: Vec<Vec<usize>> = vec![Vec::new(); n];
    let mut pairs = Vec::new();
    for position in by_size {
        let set = &sets[position];
        for &gram in prefix(set) {
            // Sets come in by size, so those large enough stand at the end.
            let enough = index[gram].partition_point(|&other| 10 * sets[other].len() < 7 * set.len());
            for &other in &index[gram][enough..] {
                if std::mem::replace(&mut seen_by[other], position) != position
                    && is_similar(set, &sets[other])
                {
                    pairs.push((position.min(other), position.max(other)));
                }
            }
            index[gram].push(position);
        }
    }
    pairs
}

/// The members of which a similar set of equal or smaller size must have one.
fn prefix(set: &[usize]) -> &[usize] {
    let needed = (7 * set.len()).div_ceil(10);
    &set[..(set.len() + 1 - needed).min(set.len())]
}

/// Whether the Jaccard index of two sorted sets is at least 7/10.
fn is_similar(a: &[usize], b: &[usize]) -> bool {
    let shared = count_shared(a, b);
    10 * shared >= 7 * (a.len() + b.len() - shared)
}

/// The Jaccard index of two sorted sets; 0 of two empty ones.
fn jaccard(a: &[usize], b: &[usize]) -> f64 {
    let shared = count_shared(a, b);
    shared as f64 / (a.len() + b.len() - shared).max(1) as f64
}

fn count_shared(mut a: &[usize], mut b: &[usize]) -> usize {
    let mut shared = 0;
    while let ([first_a, rest_a @ ..], [first_b, rest_b @ ..]) = (a, b) {
        shared += usize::from(first_a == first_b);
        (a, b) = match first_a.cmp(first_b) {
            std::cmp::Ordering::Less => (rest_a, b),
            std::cmp::Ordering::Greater => (a, rest_b),
            std::cmp::Ordering::Equal => (rest_a, rest_b),
        };
    }
    shared
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn every_pair(sets: &[Vec<usize>]) -> Vec<(usize, usize)> {
        let pairs = (0..sets.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
        let mut pairs: Vec<_> = pairs
            .filter(|&(a, b)| !sets[a].is_empty() && is_similar(&sets[a], &sets[b]))
            .collect();
        pairs.sort_unstable();
        pairs
    }

    proptest! {
        #[test]
        fn filters_lose_no_pair(sets in prop::collection::vec(prop::collection::btree_set(0_usize..12, 0..12), 0..30)) {
            let mut sets: Vec<Vec<usize>> = sets.into_iter().map(|set| set.into_iter().collect()).collect();
            sort_rarest_first(&mut sets, 12);
            let mut found = similar_pairs(&sets, 12);
            found.sort_unstable();
            prop_assert_eq!(found, every_pair(&sets));
        }
    }

    fn pairs(texts: &[&str], names: &[&str]) -> Vec<(usize, usize)> {
        near_duplicates(texts, &|word| names.contains(&word)).expect("short texts")
    }

    #[test]
    fn threshold_is_reached_at_seven_of_ten() {
        assert!(is_similar(
            &[0, 1, 2, 3, 4, 5, 6, 7],
            &[0, 1, 2, 3, 4, 5, 6, 8, 9]
        ));
        assert!(!is_similar(
            &[0, 1, 2, 3, 4, 5, 6, 7],
            &[0, 1, 2, 3, 4, 5, 8, 9, 10]
        ));
    }

    #[test]
    fn spelling_names_and_numbers_do_not_matter() {
        let texts = [
            "قالت الوكالة إن مدينة دورفانش هادئة منذ 3 أيام",
            "قالت الوكالة ان مدينه تلميقا هادئة منذ 14 أيام!",
            "لا علاقة لهذا النص بما قبله",
        ];
        assert_eq!(pairs(&texts, &["دورفانش", "تلميقا"]), [(0, 1)]);
    }

    #[test]
    fn copies_of_another_kind_clash() {
        let texts = [
            "Rain on Monday, and more rain on Tuesday.",
            "rain on monday,  and more rain on tuesday.",
            "Rain on Monday, and more rain on Tuesdays.",
            "The library opens at 9",
            "The library opens at 10",
            "",
            "",
            "Soup",
        ];
        let copies = Copies::find(&texts).expect("short");
        let kinds = [0, 1, 1, 0, 1, 0, 1, 0].map(Some);
        let found: Vec<_> = copies
            .clashes(&kinds)
            .iter()
            .map(|clash| (clash.text, clash.copy, clash.exact))
            .collect();
        assert_eq!(
            found,
            [
                (0, 1, true),
                (1, 0, true),
                (2, 0, false),
                (3, 4, false),
                (4, 3, false)
            ]
        );
        assert_eq!(copies.clashes(&[None; 8]), []);
        assert_eq!(copies.clashes(&[Some(3); 8]), []);
        assert_eq!(copies.pairs(), (1, 3));
        assert_eq!(copies.links(), [(0, 1), (0, 1), (3, 4), (0, 2)]);
    }

    #[test]
    fn empty_and_short_texts() {
        assert_eq!(pairs(&["", "", "ok", "OK!", "no"], &[]), [(2, 3)]);
    }
}
