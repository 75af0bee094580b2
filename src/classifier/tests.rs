//! Training and scoring of small models.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::corpus::{Corpus, Document, HeadKind, HeadSpec};
use crate::decision::Threshold;
use crate::error::{ErrorKind, Location};
use crate::features::{Channel, Unit, Vectorizer, ngram};
use crate::text::{Normalizer, View};

/// Sixty short texts about three things, two of them labelled; half of them have a tone.
pub(crate) fn corpus() -> Corpus {
    let subjects = [
        ("rain", "the rain over the northern hills"),
        ("bread", "the bread from the old bakery"),
        ("", "the minutes of the last meeting"),
    ];
    let tones = [
        ("glad", "was a welcome surprise"),
        ("sad", "was a sore disappointment"),
    ];
    let times = [
        "yesterday",
        "this morning",
        "on Sunday",
        "at noon",
        "again",
        "in the end",
    ];
    let mut documents = Vec::new();
    for (subject, words) in subjects {
        for (tone, phrase) in tones {
            for time in times {
                let line = documents.len() as u64 + 1;
                let topic = if subject.is_empty() {
                    vec![]
                } else {
                    vec![subject.to_owned()]
                };
                documents.push(Document {
                    location: Location { file: None, line },
                    id: Some(format!("d{line}")),
                    text: format!("{words} {phrase} {time}"),
                    group: None,
                    weight: 1.0,
                    labels: vec![Some(topic), (!subject.is_empty()).then(|| vec![tone.to_owned()])],
                    extra: vec![],
                });
            }
        }
    }
    let head = |name: &str, kind| HeadSpec::new(name, kind);
    Corpus::new(
        vec![
            head("topic", HeadKind::MultiLabel),
            head("tone", HeadKind::SingleLabel),
        ],
        documents,
    )
    .expect("valid documents")
}

pub(crate) fn recipe() -> Recipe {
    let text = r#"
        [training]
        c = 10.0
        [calibration]
        folds = 3
        [decision]
        abstain_margin = 0.05
        [heads.topic]
        kind = "multi-label"
        [heads.tone]
        kind = "single-label"
        requires = "topic"
    "#;
    Recipe::from_toml(text, "test").expect("a valid recipe")
}

fn fit() -> (Classifier, TrainingReport) {
    recipe().fit(&corpus()).expect("enough documents")
}

#[test]
fn what_was_learned_is_predicted() {
    let (classifier, report) = fit();
    assert_eq!(report.documents, 36);
    assert!(
        report.labels.iter().all(|label| label.convergence.converged),
        "{report:?}"
    );
    let prediction = classifier
        .predict("Bread again: a sore disappointment")
        .expect("short");
    assert_eq!(prediction.labels("topic"), ["bread"]);
    assert_eq!(prediction.labels("tone"), ["sad"]);
    let tone = prediction.head("tone").expect("a head");
    assert!((tone.probabilities().iter().sum::<f32>() - 1.0).abs() < 1e-6);
    assert_eq!(tone.probability("nothing"), None);
    assert!(prediction.head("nothing").is_none());
}

/// A head that requires another gives probabilities but no label where that one gives none.
#[test]
fn a_head_waits_for_the_one_it_requires() {
    let (classifier, _) = fit();
    let prediction = classifier
        .predict("the minutes were a welcome surprise")
        .expect("short");
    assert_eq!(prediction.labels("topic"), [""; 0]);
    assert_eq!(prediction.labels("tone"), [""; 0]);
    assert_eq!(prediction.head("tone").expect("a head").probabilities().len(), 2);
}

/// A head that tells whether there is any label is asked before the head with the labels, and that before the next.
#[test]
fn heads_are_asked_in_turn() {
    let mut recipe = recipe();
    recipe.heads.insert(
        "some".to_owned(),
        HeadRecipe {
            any_of: Some("topic".to_owned()),
            ..HeadRecipe::new(HeadKind::MultiLabel)
        },
    );
    let topic = recipe.heads.get_mut("topic").expect("a head");
    topic.requires = Some("some".to_owned());
    topic.best_from = Some(0.0);
    recipe.check().expect("a chain");
    let corpus = corpus_with_any("some", "topic");
    let (classifier, _) = recipe.fit(&corpus).expect("enough documents");
    let classifier = Classifier::from_bytes(&classifier.to_bytes()).expect("what was written");
    let labels = |text: &str| {
        let prediction = classifier.predict(text).expect("short");
        ["some", "topic", "tone"].map(|head| prediction.labels(head).len())
    };
    assert_eq!(labels("Bread again: a sore disappointment"), [1, 1, 1]);
    assert_eq!(labels("the minutes were a welcome surprise"), [0, 0, 0]);
    let threshold = classifier.head("topic").expect("a head").labels()[0].threshold;
    let best = |best_from: f32| {
        let head = Head {
            best_from: Some(best_from),
            ..classifier.head("topic").expect("a head").clone()
        };
        let mut decided = vec![false; 2];
        head.decide(&[threshold * 0.5, 0.0], &mut decided);
        decided
    };
    assert_eq!(best(threshold * 0.5), [true, false]);
    assert_eq!(best(threshold * 0.6), [false, false]);
}

#[test]
fn a_corpus_without_unlabelled_documents_gives_every_text_a_label() {
    let labelled = |corpus: &Corpus| {
        let documents = corpus.documents().iter();
        let some: Vec<Document> = documents
            .filter(|document| document.labels[1].is_some())
            .cloned()
            .collect();
        let heads = corpus
            .heads()
            .iter()
            .map(|head| HeadSpec::new(&head.name, head.kind));
        Corpus::new(heads.collect(), some).expect("a part of a corpus")
    };
    let best_from = |recipe: &Recipe, corpus: &Corpus| {
        let (classifier, _) = recipe.fit(corpus).expect("enough documents");
        let classifier = Classifier::from_bytes(&classifier.to_bytes()).expect("what was written");
        let labels = classifier
            .predict("unknown")
            .expect("short")
            .labels("topic")
            .len();
        (classifier.head("topic").expect("a head").best_from, labels)
    };
    assert_eq!(best_from(&recipe(), &corpus()).0, None);
    assert_eq!(best_from(&recipe(), &labelled(&corpus())), (Some(0.0), 1));
    let mut careful = recipe();
    careful.decision.threshold = Threshold::Probability(0.99);
    assert_eq!(best_from(&careful, &labelled(&corpus())), (None, 0));
}

/// The corpus with a head that tells whether a document has any label of another.
fn corpus_with_any(name: &str, of: &str) -> Corpus {
    let corpus = corpus();
    let position = corpus.head(of).expect("a head");
    let mut heads: Vec<HeadSpec> = corpus
        .heads()
        .iter()
        .map(|head| HeadSpec::new(&head.name, head.kind))
        .collect();
    heads.push(HeadSpec::new(name, HeadKind::MultiLabel));
    let documents = corpus.documents().iter().cloned().map(|mut document| {
        let any = document.labels[position]
            .as_ref()
            .map(|labels| labels.iter().take(1).map(|_| HeadSpec::ANY.to_owned()).collect());
        document.labels.push(any);
        document
    });
    Corpus::new(heads, documents.collect()).expect("valid documents")
}

/// The most probable label is passed over while it does not reach its minimum.
#[test]
fn a_label_can_be_given_slowly() {
    let tone_of = |label: &str, minimum: f32| {
        let mut recipe = recipe();
        let tone = recipe.heads.get_mut("tone").expect("a head");
        tone.minimum.insert(label.to_owned(), minimum);
        let (classifier, _) = recipe.fit(&corpus()).expect("enough documents");
        let prediction = classifier
            .predict("bread, welcome, disappointment")
            .expect("short");
        let tone = prediction.head("tone").expect("a head");
        let [given] = tone.labels().collect::<Vec<_>>().try_into().expect("one label");
        (given.to_owned(), tone.probability(given).expect("a label"))
    };
    let (best, probability) = tone_of("sad", 0.0);
    assert!(probability < 0.999, "{probability}");
    assert_eq!(tone_of(&best, probability - 1e-4).0, best);
    assert_ne!(tone_of(&best, probability + 1e-4).0, best);
}

#[test]
fn one_text_many_texts_and_scratch_agree() {
    let (classifier, _) = fit();
    let texts: Vec<String> = corpus().documents().iter().map(|d| d.text.clone()).collect();
    let mut scorer = classifier.scorer();
    for (text, batch) in texts.iter().zip(classifier.predict_batch(&texts)) {
        let batch = batch.expect("short");
        assert_eq!(batch, classifier.predict(text).expect("short"));
        assert_eq!(batch, scorer.predict(text).expect("short"));
        let mut probabilities = vec![0.0; classifier.n_outputs()];
        scorer
            .probabilities_into(text, &mut probabilities)
            .expect("short");
        assert_eq!(
            batch
                .heads()
                .flat_map(|head| head.probabilities().to_vec())
                .collect::<Vec<_>>(),
            probabilities
        );
    }
}

/// The obvious twin of a scorer: the whole text at once, one n-gram after the other.
fn naive_scores(classifier: &Classifier, text: &str) -> Vec<f32> {
    let mut normalizer = Normalizer::default();
    let text = normalizer.normalize(text).expect("short");
    let (vectorizer, n_outputs) = (classifier.vectorizer(), classifier.n_outputs());
    let mut scores = classifier.intercepts().to_vec();
    let mut scratch = ngram::NgramScratch::default();
    for (position, &channel) in vectorizer.channels().iter().enumerate() {
        let (mut sums, mut squares) = (vec![0_i128; n_outputs], 0_i128);
        ngram::for_each(text, channel, &mut scratch, |hash, _| {
            if let Some(ngram) = vectorizer.vocabulary().get(hash) {
                let idf = vectorizer.idf()[ngram.index()].value();
                squares += (f64::from(idf).powi(2) * 4096.0).floor() as i128;
                for (sum, weight) in sums.iter_mut().zip(classifier.weights.of(ngram).0) {
                    *sum += i128::from(*weight);
                }
            }
        });
        if squares > 0 {
            let divisor = vectorizer.divisor(position, squares as f64 / 4096.0);
            let factor = f64::from(classifier.weights.unit()) / divisor;
            for (score, sum) in scores.iter_mut().zip(sums) {
                *score += (sum as f64 * factor) as f32;
            }
        }
    }
    scores
}

/// Texts of words that come again, words that do not, and all that keeps segments from being independent.
fn any_text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        6 => prop::sample::select(vec!["bread", "rain", "مطر", "خبز", "lovely", "welcome", "market,", "(rain)", "bread!"]).prop_map(str::to_owned),
        2 => "[a-d]{1,8}",
        1 => "[abاب!?\u{1F525}.,-]{1,3}",
        1 => "[\\PC]{1,50}",
    ];
    prop::collection::vec(word, 0..20).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn scores_are_those_of_the_twin_whatever_was_read_before(texts in prop::collection::vec(any_text(), 1..12)) {
        static CLASSIFIERS: LazyLock<[Classifier; 2]> = LazyLock::new(|| {
            let mut words = recipe();
            words.features = Vectorizer::params().min_df(1).channels([
                Channel::new(View::Folded, Unit::Word, 2, 3).expect("valid"),
                Channel::new(View::Light, Unit::Word, 1, 3).expect("valid"),
                Channel::new(View::Dotless, Unit::Character, 1, 6).expect("valid"),
            ]);
            [fit().0, words.fit(&corpus()).expect("enough documents").0]
        });
        for classifier in &*CLASSIFIERS {
            let mut scorer = classifier.scorer();
            let mut scores = vec![0.0; classifier.n_outputs()];
            for text in texts.iter().chain(&texts) {
                scorer.scores_into(text, &mut scores).expect("short");
                prop_assert_eq!(&scores, &naive_scores(classifier, text), "{:?}", text);
            }
        }
    }
}

#[test]
fn long_texts_score_as_their_twin() {
    let (classifier, _) = fit();
    let mut scores = vec![0.0; classifier.n_outputs()];
    for text in [
        "bread and rain, ".repeat(10_000),
        "rain".repeat(40_000),
        "\u{FDFA} ".repeat(20_000),
    ] {
        classifier
            .scorer()
            .scores_into(&text, &mut scores)
            .expect("short enough");
        assert_eq!(scores, naive_scores(&classifier, &text));
    }
    assert!(
        classifier
            .scorer()
            .scores_into(&"\u{FDFA}".repeat(100_000), &mut scores)
            .is_err()
    );
}

/// More words than the table of a scorer holds.
#[test]
fn forgotten_words_score_the_same() {
    let (classifier, _) = fit();
    let words: Vec<String> = (0..40_000).map(|n| format!("rain{n}")).collect();
    let mut scorer = classifier.scorer();
    let mut scores = [
        vec![0.0; classifier.n_outputs()],
        vec![0.0; classifier.n_outputs()],
    ];
    for scores in &mut scores {
        for words in words.chunks(100) {
            scorer.scores_into(&words.join(" "), scores).expect("short");
        }
    }
    assert_eq!(scores[0], scores[1]);
}

#[test]
fn an_empty_text_scores_the_intercepts() {
    let (classifier, _) = fit();
    let mut scores = vec![0.0; classifier.n_outputs()];
    classifier.scorer().scores_into("", &mut scores).expect("short");
    assert_eq!(scores, classifier.intercepts());
}

#[test]
fn threads_and_runs_do_not_change_a_byte() {
    let train = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("a pool");
        pool.install(|| fit().0.to_bytes())
    };
    let one = train(1);
    assert!(one == train(1) && one == train(2) && one == train(4));
}

#[test]
fn strong_features_are_spelled_out() {
    let (classifier, _) = fit();
    let bread = &classifier.provenance().strongest[0];
    assert_eq!(bread.len(), 20);
    assert!(bread.iter().any(|feature| feature.ngram == "bread"), "{bread:?}");
    assert!(
        bread.iter().any(|feature| feature.ngram.starts_with(' ')),
        "{bread:?}"
    );
    assert!(bread.is_sorted_by(|a, b| a.weight >= b.weight));
}

#[test]
fn a_small_model_keeps_what_weighs_most() {
    let (all, _) = fit();
    let mut recipe = recipe();
    recipe.features = recipe.features.max_features(40);
    let (small, report) = recipe.fit(&corpus()).expect("enough documents");
    assert_eq!((report.features, small.vectorizer().vocabulary().len()), (40, 40));
    let known = |hash: &u64| all.vectorizer().vocabulary().get(*hash).is_some();
    assert!(small.vectorizer().vocabulary().hashes().iter().all(known));
    let bread = small.predict("the bread from the old bakery").expect("short");
    assert_eq!(bread.labels("topic"), ["bread"]);
    let again = Classifier::from_bytes(&small.to_bytes()).expect("a model");
    assert_eq!(again.to_bytes(), small.to_bytes());
}

#[test]
fn without_calibration_there_are_no_folds() {
    let mut recipe = recipe();
    recipe.calibration.method = crate::decision::CalibrationMethod::None;
    recipe.calibration.folds = 20;
    let (classifier, _) = recipe.fit(&corpus()).expect("no folds are needed");
    assert_eq!(classifier.heads()[0].labels()[0].threshold, 0.5);
}

#[test]
fn labels_that_cannot_be_learned_are_named() {
    let corpus = changed(|document| document.labels[0] = Some(vec!["rain".to_owned()]));
    let error = recipe().fit(&corpus).map(|_| ()).expect_err("cannot be learned");
    let ErrorKind::SingleClass { head, label, .. } = error.kind() else {
        panic!("{error}");
    };
    assert_eq!((head.as_str(), label.as_str()), ("topic", "rain"));
}

/// The corpus with each document changed.
fn changed(change: fn(&mut Document)) -> Corpus {
    let corpus = corpus();
    let mut documents = corpus.documents().to_vec();
    documents.iter_mut().for_each(change);
    let heads = corpus
        .heads()
        .iter()
        .map(|head| HeadSpec::new(&head.name, head.kind));
    Corpus::new(heads.collect(), documents).expect("valid documents")
}

fn calibration_of(report: &TrainingReport, label: &str) -> CalibrationSource {
    let found = report.labels.iter().find(|found| found.label == label);
    found.expect("a label").calibration
}

/// Two documents with a label, three folds: the label is learned, and has the calibration and threshold of the other.
#[test]
fn a_rare_label_is_learned_with_what_there_is() {
    let corpus = changed(|document| {
        if document.labels[0].as_deref() == Some(&["rain".to_owned()]) && document.location.line > 2 {
            document.labels[0] = Some(vec![]);
        }
    });
    let (classifier, report) = recipe().fit(&corpus).expect("a rare label is no error");
    assert_eq!(calibration_of(&report, "rain"), CalibrationSource::Common);
    assert_eq!(calibration_of(&report, "bread"), CalibrationSource::Own);
    assert_eq!((report.labels[1].positives, report.labels[1].groups), (2, 2));
    let [bread, rain] = classifier.heads()[0].labels() else {
        panic!("two labels");
    };
    assert_eq!(bread.calibration, rain.calibration);
    let answers = &report.out_of_fold[0];
    assert_eq!(answers.own, [true, false]);
    assert!(answers.contradictions().iter().all(|found| found.label == 0));
}

#[test]
fn a_corpus_of_one_group_is_learned_without_calibration() {
    let corpus = changed(|document| document.group = Some("all".to_owned()));
    let (classifier, report) = recipe().fit(&corpus).expect("one group is no error");
    assert_eq!(calibration_of(&report, "rain"), CalibrationSource::Identity);
    assert_eq!(calibration_of(&report, "sad"), CalibrationSource::Identity);
    assert_eq!(
        classifier.heads()[0].labels()[0].calibration,
        crate::decision::Calibrator::IDENTITY
    );
    assert_eq!(classifier.heads()[0].labels()[0].threshold, 0.5);
}

/// Three labels, each in two of three groups: one of two folds must take both groups of some label.
#[test]
fn a_label_that_cannot_be_spread_is_learned() {
    let document = |line: u64, labels: &[&str]| Document {
        location: Location { file: None, line },
        id: None,
        text: format!("words of post {line} {}", labels.join(" ")),
        group: None,
        weight: 1.0,
        labels: vec![Some(labels.iter().map(ToString::to_string).collect())],
        extra: vec![],
    };
    let pairs: [&[&str]; 5] = [&["a", "b"], &["b", "c"], &["a", "c"], &[], &[]];
    let documents = pairs.iter().zip(1..).map(|(labels, line)| document(line, labels));
    let head = HeadSpec::new("topic", HeadKind::MultiLabel);
    let corpus = Corpus::new(vec![head], documents.collect()).expect("valid documents");
    let recipe =
        Recipe::from_toml("[features]\nmin_df = 1\n[calibration]\nfolds = 2", "test").expect("valid");
    let (_, report) = recipe.fit(&corpus).expect("learned");
    assert!(
        report
            .labels
            .iter()
            .any(|label| label.calibration != CalibrationSource::Own)
    );
}

/// A document about rain that is labelled as one about bread, and one without its label.
#[test]
fn wrong_labels_are_found_first() {
    let corpus = changed(|document| match document.location.line {
        3 => document.labels[0] = Some(vec!["bread".to_owned()]),
        20 => document.labels[1] = Some(vec!["glad".to_owned()]),
        _ => {}
    });
    let (_, report) = recipe().fit(&corpus).expect("learned");
    let [topic, tone] = &report.out_of_fold[..] else {
        panic!("two heads");
    };
    let found = topic.contradictions();
    let wrong: std::collections::BTreeSet<_> = found[..2]
        .iter()
        .map(|found| (found.document, topic.labels[found.label].as_str(), found.given))
        .collect();
    assert_eq!(wrong, [(2, "bread", true), (2, "rain", false)].into());
    let found = tone.contradictions();
    let wrong = found
        .iter()
        .find(|found| found.document == 19)
        .expect("the wrong label");
    assert_eq!((wrong.label, wrong.given, wrong.suggested), (0, true, Some(1)));
    assert!(wrong.self_confidence() < 0.5);
    assert_eq!(topic.report().expect("figures").documents, 36);
}

#[test]
fn a_learning_curve_rises() {
    let curve = recipe().learning_curve(&corpus()).expect("a curve");
    assert_eq!(curve.steps.len(), 4);
    let f1 = |step: usize| curve.steps[step].heads[0].micro_average.f1.value;
    assert!(f1(3) > f1(0), "{} {}", f1(0), f1(3));
    assert_eq!(curve.steps[3].documents, 24);
    let (_, report) = recipe().fit(&corpus()).expect("learned");
    assert_eq!(
        curve.steps[3].heads[0],
        report.out_of_fold[0].report().expect("figures")
    );
    assert_eq!(recipe().learning_curve(&corpus()).expect("a curve"), curve);
}

#[test]
fn recipes_say_what_is_wrong() {
    for (text, expected) in [
        ("[training]\nc = -1.0", "c is -1"),
        ("[training]\nd = 1.0", "unknown field `d`"),
        ("[calibration]\nfolds = 1", "calibration.folds"),
        ("[decision]\nabstain_margin = 1.0", "abstain_margin"),
        (
            "[decision]\nthreshold = { precision = 2.0 }",
            "decision.threshold",
        ),
        (
            "[decision]\nthreshold = { recall = 0.0 }",
            "decision.threshold is 0",
        ),
        (
            "[calibration]\nmethod = \"none\"\n[decision]\nthreshold = { recall = 0.9 }",
            "decision.threshold",
        ),
        (
            "[calibration]\nmethod = \"none\"\n[decision]\noperating_points = true",
            "decision.operating_points is true, with calibration.method none",
        ),
        (
            "[calibration]\nmethod = \"isotonik\"",
            "unknown variant `isotonik`",
        ),
        ("[decision]\nthreshold = \"best\"", "unknown variant `best`"),
        (
            "[features]\nchannels = [{ view = \"light\", unit = \"word\", n = [2, 1] }]",
            "channels.n",
        ),
        (
            "[heads.a]\nkind = \"single-label\"\nrequires = \"b\"",
            "heads.a.requires",
        ),
        (
            "[heads.a]\nkind = \"multi-label\"\nrequires = \"b\"\n[heads.b]\nkind = \"multi-label\"\nrequires = \"a\"",
            "heads.a.requires is a circle",
        ),
        (
            "[heads.a]\nkind = \"multi-label\"\nany_of = \"a\"",
            "heads.a.any_of",
        ),
        (
            "[heads.a]\nkind = \"multi-label\"\nbest_from = 1.5",
            "heads.a.best_from",
        ),
        ("[heads.a]", "missing field `kind`"),
        (
            "[heads.a]\nkind = \"single-label\"\nminimum = { b = 1.0 }",
            "heads.a.minimum.b",
        ),
        (
            "[heads.a]\nkind = \"multi-label\"\nminimum = { b = 0.5 }",
            "heads.a.minimum",
        ),
    ] {
        let error = Recipe::from_toml(text, "recipe.toml")
            .expect_err("not valid")
            .to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_recipe_survives_its_toml() {
    let recipe = recipe();
    assert_eq!(
        Recipe::from_toml(&recipe.to_toml(), "again").expect("valid"),
        recipe
    );
}

#[test]
fn public_types_cross_threads() {
    fn check<T: Send + Sync>() {}
    check::<Classifier>();
    check::<Scorer<'_>>();
    check::<Prediction<'_>>();
    check::<Recipe>();
    check::<crate::Error>();
}
