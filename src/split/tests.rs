//! Tests of components and of where they go.

use proptest::prelude::*;

use super::*;
use crate::corpus::{Corpus, Document, HeadKind, HeadSpec};
use crate::error::Location;
use crate::random::SplitMix64;

fn document<'a>(id: &'a str, text: &'a str, keys: &[&str]) -> SplitDocument<'a> {
    SplitDocument {
        id,
        text,
        keys: keys.iter().map(|&key| key.to_owned()).collect(),
    }
}

#[test]
fn keys_join_along_chains() {
    let documents = [
        document("a", "", &["template:1", "pair:1"]),
        document("b", "", &["template:2"]),
        document("c", "", &["template:3", "pair:2"]),
        document("d", "", &["template:3", "pair:1"]),
    ];
    assert_eq!(components(&documents, &|_| false).expect("short"), [0, 1, 0, 0]);
}

// python3 -c "import hashlib; print([int(hashlib.sha256(('salt'+i).encode()).hexdigest(),16)%100 for i in 'abckl'])"
// [35, 98, 83, 72, 35]
#[test]
fn split_is_the_salted_hash() {
    let splits: Vec<&str> = ["a", "b", "c", "k", "l"]
        .iter()
        .map(|id| Split::of("salt", id).name())
        .collect();
    assert_eq!(splits, ["train", "test", "test", "dev", "train"]);
}

#[test]
fn component_goes_with_its_smallest_id() {
    let documents = [
        document("b", "", &["k"]),
        document("e", "", &[]),
        document("a", "", &["k"]),
    ];
    let components = components(&documents, &|_| false).expect("short");
    let splits = assign(&documents, &components, "salt");
    assert_eq!(
        splits,
        [
            Split::of("salt", "a"),
            Split::of("salt", "e"),
            Split::of("salt", "a")
        ]
    );
}

#[test]
fn shares_are_near_seventy_ten_twenty() {
    let ids: Vec<String> = (0..10_000).map(|number| format!("row-{number}")).collect();
    let share = |split| ids.iter().filter(|id| Split::of("salt", id) == split).count();
    assert!((6_800..7_200).contains(&share(Split::Train)));
    assert!((900..1_100).contains(&share(Split::Dev)));
    assert!((1_850..2_150).contains(&share(Split::Test)));
}

/// Documents whose texts share nothing, each with its group and labels.
fn corpus(documents: &[(Option<usize>, Option<Vec<usize>>)]) -> Corpus {
    let document = |(position, (group, labels)): (usize, &(Option<usize>, Option<Vec<usize>>))| {
        let name = |number: &usize| format!("n{number}");
        let mut random = SplitMix64::new(position as u64);
        Document {
            location: Location::default(),
            id: None,
            // Random letters: numbers would all be the same.
            text: (0..12)
                .map(|_| ["ka", "lo", "mi", "ru", "te", "son", "bar"][random.below(7)])
                .collect(),
            group: group.as_ref().map(name),
            weight: 1.0,
            labels: vec![labels.as_ref().map(|labels| labels.iter().map(name).collect())],
            extra: Vec::new(),
        }
    };
    let heads = vec![HeadSpec::new("head", HeadKind::MultiLabel)];
    Corpus::new(heads, documents.iter().enumerate().map(document).collect()).expect("valid")
}

#[test]
fn labels_and_their_absence_are_spread_and_unknown_is_neither() {
    let labels = |row: usize| match row % 8 {
        0 | 1 => None,
        2..5 => Some(vec![]),
        _ => Some(vec![row % 2, 2]),
    };
    let documents: Vec<_> = (0..400).map(|row| (None, labels(row))).collect();
    let split = stratified(&corpus(&documents), &[70.0, 10.0, 20.0], 3).expect("short");
    for labels in [None, Some(vec![]), Some(vec![0, 2]), Some(vec![1, 2])] {
        let positions = (0..400).filter(|&row| documents[row].1 == labels);
        let mut counts = [0_usize; 3];
        positions.for_each(|row| counts[split.parts[row]] += 1);
        let all = counts.iter().sum::<usize>() as f64;
        for (count, share) in counts.iter().zip([0.7, 0.1, 0.2]) {
            assert!(
                (*count as f64 - share * all).abs() <= 1.5,
                "{labels:?}: {counts:?}"
            );
        }
    }
}

#[test]
fn shares_are_two_numbers_above_zero_or_more() {
    let corpus = corpus(&[(None, None), (None, None)]);
    for shares in [
        &[][..],
        &[1.0],
        &[1.0, 0.0],
        &[1.0, -1.0],
        &[1.0, f64::NAN],
        &[f64::INFINITY, 1.0],
    ] {
        let error = stratified(&corpus, shares, 0).expect_err("no shares");
        assert!(
            error.to_string().contains("expected two numbers above 0"),
            "{error}"
        );
    }
    let split = stratified(&corpus, &[1.0; 5], 0).expect("short");
    assert_eq!(split.components, [0, 1]);
    assert_ne!(split.parts[0], split.parts[1]);
}

proptest! {
    #[test]
    fn groups_stay_together_and_a_seed_gives_one_split(
        documents in prop::collection::vec(
            (prop::option::of(0_usize..30), prop::option::of(prop::collection::btree_set(0_usize..3, 0..3))),
            1..150,
        ),
        seed in 0_u64..9,
    ) {
        let set = |labels: std::collections::BTreeSet<usize>| labels.into_iter().collect();
        let documents: Vec<_> = documents.into_iter().map(|(group, labels)| (group, labels.map(set))).collect();
        let corpus = corpus(&documents);
        let split = stratified(&corpus, &[1.0, 1.0], seed).expect("short");
        for (a, one) in documents.iter().enumerate() {
            for (b, other) in documents[..a].iter().enumerate() {
                let is_one_group = one.0.is_some() && one.0 == other.0;
                prop_assert_eq!(split.components[a] == split.components[b], is_one_group);
                prop_assert!(!is_one_group || split.parts[a] == split.parts[b]);
            }
        }
        prop_assert_eq!(split, stratified(&corpus, &[1.0, 1.0], seed).expect("short"));
    }

    // Families of one key each; later documents, with larger ids, join old families or begin new ones.
    #[test]
    fn adding_documents_moves_no_old_one(families in prop::collection::vec(0_usize..20, 1..80), old in 0_usize..80) {
        let ids: Vec<String> = (0..families.len()).map(|number| format!("{number:03}")).collect();
        let documents: Vec<SplitDocument<'_>> = ids
            .iter()
            .zip(&families)
            .map(|(id, family)| document(id, "", &[&format!("pair:{family}")]))
            .collect();
        let split = |documents: &[SplitDocument<'_>]| {
            let components = components(documents, &|_| false).expect("short");
            assign(documents, &components, "salt")
        };
        let old = old.min(documents.len());
        prop_assert_eq!(&split(&documents)[..old], &split(&documents[..old])[..]);
    }
}
