//! Made-up predictions for 200 documents and 3 labels, and what scikit-learn says about them.
//!
//! The probabilities have many ties; the last label is on no document. Python 3.11.7, numpy 2.4.6, scipy
//! 1.17.1, `pip install scikit-learn==1.9.1`:
//!
//! ```text
//! import numpy as np
//! from sklearn import metrics as m
//! from sklearn.calibration import calibration_curve
//!
//! i, l = np.arange(200)[:, None], np.arange(3)
//! p = (7 * i * i + (3 + l) * i) % 41 / 41
//! y = 10 * p + (11 + l) * i % 13 > 9 + 3 * l
//! h = p > 0.5
//!
//! def ece(y, p):
//!     f, q = calibration_curve(y, p, n_bins=15)
//!     n = np.histogram(p, 15, (0, 1))[0]
//!     return (n[n > 0] * abs(f - q)).sum() / len(p)
//!
//! for l in range(3):
//!     Y, P, H = y[:, l], p[:, l], h[:, l]
//!     print([float(s) for s in [
//!         m.precision_score(Y, H), m.recall_score(Y, H), m.f1_score(Y, H),
//!         m.average_precision_score(Y, P), m.roc_auc_score(Y, P),
//!         m.brier_score_loss(Y, P), ece(Y, P)]])
//! for average in ["micro", "macro"]:
//!     print([float(s) for s in m.precision_recall_fscore_support(y, h, average=average)[:3]])
//! print(float(m.accuracy_score(y, h)))
//! ```

use ndarray::Array2;

/// `p` of the script.
pub(super) fn probabilities() -> Array2<f64> {
    Array2::from_shape_fn((200, 3), |(i, l)| ((7 * i * i + (3 + l) * i) % 41) as f64 / 41.0)
}

/// `y` of the script.
pub(super) fn truth() -> Array2<bool> {
    let probabilities = probabilities();
    Array2::from_shape_fn((200, 3), |(i, l)| {
        10.0 * probabilities[[i, l]] + ((11 + l) * i % 13) as f64 > (9 + 3 * l) as f64
    })
}

/// `h` of the script.
pub(super) fn predicted() -> Array2<bool> {
    probabilities().mapv(|probability| probability > 0.5)
}

/// One label of the first three lines printed.
pub(super) struct Label {
    pub(super) precision: f64,
    pub(super) recall: f64,
    pub(super) f1: f64,
    /// `None` without positives, where scikit-learn gives 0.0.
    pub(super) average_precision: Option<f64>,
    /// `None` without positives, where scikit-learn gives NaN.
    pub(super) roc_auc: Option<f64>,
    pub(super) brier: f64,
    pub(super) calibration_error: f64,
}

pub(super) const LABELS: [Label; 3] = [
    Label {
        precision: 0.851_851_851_851_851_9,
        recall: 0.681_481_481_481_481_5,
        f1: 0.757_201_646_090_535,
        average_precision: Some(0.886_911_162_766_472_3),
        roc_auc: Some(0.798_176_638_176_638_2),
        brier: 0.194_681_737_061_273_04,
        calibration_error: 0.161_463_414_634_146_3,
    },
    Label {
        precision: 0.616_161_616_161_616_1,
        recall: 0.743_902_439_024_390_2,
        f1: 0.674_033_149_171_270_8,
        average_precision: Some(0.681_804_222_652_511_6),
        roc_auc: Some(0.783_433_236_874_741_5),
        brier: 0.194_735_276_621_058_9,
        calibration_error: 0.094_878_048_780_487_79,
    },
    Label {
        precision: 0.0,
        recall: 0.0,
        f1: 0.0,
        average_precision: None,
        roc_auc: None,
        brier: 0.337_876_264_128_494_9,
        calibration_error: 0.492_195_121_951_219_5,
    },
];

/// Precision, recall and F1 of `average="micro"`.
pub(super) const MICRO: [f64; 3] = [
    0.508_305_647_840_531_6,
    0.705_069_124_423_963_1,
    0.590_733_590_733_590_8,
];

/// Precision, recall and F1 of `average="macro"`.
pub(super) const MACRO: [f64; 3] = [
    0.489_337_822_671_156,
    0.475_127_973_501_972_7,
    0.477_078_265_087_268_5,
];

/// `accuracy_score`, which is subset accuracy here.
pub(super) const EXACT_MATCH: f64 = 0.25;

/// One column of the made-up data: probabilities and truth.
pub(super) fn column(label: usize) -> (Vec<f64>, Vec<bool>) {
    (
        probabilities().column(label).to_vec(),
        truth().column(label).to_vec(),
    )
}

/// Stops with both numbers unless they agree up to rounding.
#[track_caller]
pub(super) fn assert_close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() < 1e-12,
        "found {found}, expected {expected}"
    );
}

/// The same for numbers that may be undefined.
#[track_caller]
pub(super) fn assert_both_close(found: Option<f64>, expected: Option<f64>) {
    match (found, expected) {
        (Some(found), Some(expected)) => assert_close(found, expected),
        _ => assert_eq!(found, expected),
    }
}
