//! Tests of components and of where they go.

use proptest::prelude::*;

use super::*;

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

proptest! {
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
