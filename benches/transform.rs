//! Texts to weighted rows: counting, choosing a vocabulary, weighing.

mod support;

use criterion::{Criterion, criterion_group, criterion_main};
use linfa::ParamGuard;
use narrative_frames::features::{TermCounts, Vectorizer};

fn transform(criterion: &mut Criterion) {
    let texts = support::texts();
    let params = Vectorizer::params().check().expect("the defaults are valid");
    let all: Vec<usize> = (0..texts.len()).collect();
    let terms = TermCounts::extract(&texts, params.channels()).expect("short texts");
    let vectorizer = params.fit(&terms, &all).expect("many n-grams");
    assert_eq!(vectorizer.transform(&terms, &all).n_samples(), texts.len());

    let mut group = criterion.benchmark_group("transform");
    group.throughput(support::throughput(&texts));
    group.sample_size(20);
    group.bench_function("extract", |bencher| {
        bencher.iter(|| TermCounts::extract(&texts, params.channels()));
    });
    group.bench_function("vocabulary", |bencher| bencher.iter(|| params.fit(&terms, &all)));
    group.bench_function("weigh", |bencher| {
        bencher.iter(|| vectorizer.transform(&terms, &all))
    });
    group.finish();
}

criterion_group!(benches, transform);
criterion_main!(benches);
