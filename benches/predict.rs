//! Texts to labels: one at a time, and batches at one and two threads.

mod support;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use narrative_frames::Classifier;

fn one(criterion: &mut Criterion) {
    let text = "Analysts say the movement presents the loss of the city as a small setback in a longer war.";
    let mut scorer = Classifier::embedded().scorer();
    assert!(scorer.predict(text).is_ok());
    let mut group = criterion.benchmark_group("predict one");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("English sentence", |bencher| {
        bencher.iter(|| scorer.predict(text))
    });
    group.finish();
}

fn batch(criterion: &mut Criterion) {
    let texts = support::texts();
    let classifier = Classifier::embedded();
    let mut group = criterion.benchmark_group("predict batch");
    group.throughput(support::throughput(&texts));
    group.sample_size(20);
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("a pool");
        let predict = || pool.install(|| classifier.predict_batch(&texts));
        assert!(predict().iter().all(Result::is_ok));
        group.bench_function(BenchmarkId::new("threads", threads), |bencher| {
            bencher.iter(predict)
        });
    }
    group.finish();
}

criterion_group!(benches, one, batch);
criterion_main!(benches);
