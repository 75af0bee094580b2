//! Words to hashed n-grams, by channel.

mod support;

use criterion::{Criterion, criterion_group, criterion_main};
use narrative_frames::features::{Channel, Unit, ngram};
use narrative_frames::text::{NormalizedText, Normalizer, View};

fn ngrams(criterion: &mut Criterion) {
    let texts = support::texts();
    let mut normalizer = Normalizer::default();
    let normalized: Vec<NormalizedText> = texts
        .iter()
        .map(|text| normalizer.normalize(text).expect("a short text").clone())
        .collect();
    let mut group = criterion.benchmark_group("ngrams");
    group.throughput(support::throughput(&texts));
    for (name, view, unit, max_n) in [
        ("light word 1..2", View::Light, Unit::Word, 2),
        ("folded character 1..5", View::Folded, Unit::Character, 5),
        ("dotless character 1..5", View::Dotless, Unit::Character, 5),
    ] {
        let channel = Channel::new(view, unit, 1, max_n).expect("a valid channel");
        let mut scratch = ngram::NgramScratch::default();
        let mut mixed = || {
            let mut mixed = 0;
            for text in &normalized {
                ngram::for_each(text, channel, &mut scratch, |hash, _| mixed ^= hash);
            }
            mixed
        };
        assert_ne!(mixed(), 0);
        group.bench_function(name, |bencher| bencher.iter(&mut mixed));
    }
    group.finish();
}

criterion_group!(benches, ngrams);
criterion_main!(benches);
