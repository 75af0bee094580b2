//! Text to words, with and without the way back to the input.

mod support;

use criterion::{Criterion, criterion_group, criterion_main};
use narrative_frames::text::Normalizer;

fn normalize(criterion: &mut Criterion) {
    let texts = support::texts();
    let mut group = criterion.benchmark_group("normalize");
    group.throughput(support::throughput(&texts));
    for (name, mut normalizer) in [
        ("plain", Normalizer::default()),
        ("spans", Normalizer::with_spans()),
    ] {
        let mut letters = || -> usize {
            let lengths = texts
                .iter()
                .map(|text| normalizer.normalize(text).map(|text| text.letters().len()));
            lengths.sum::<Result<usize, _>>().expect("short texts")
        };
        assert!(letters() > 10 * texts.len());
        group.bench_function(name, |bencher| bencher.iter(&mut letters));
    }
    group.finish();
}

criterion_group!(benches, normalize);
criterion_main!(benches);
