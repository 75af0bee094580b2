//! Compressed sparse rows.

use std::sync::Arc;

use linfa::dataset::Records;
use sprs::CsMatI;

use crate::error::{ErrorKind, Result};

/// Documents × features, as compressed sparse rows of `f32`.
///
/// A shared [`sprs::CsMatI`] that can be the records of a [`linfa::DatasetBase`]; a clone costs nothing.
///
/// ```
/// use narrative_frames::features::FeatureMatrix;
///
/// let matrix = FeatureMatrix::new(3, vec![0, 2, 2], vec![0, 2], vec![0.6, 0.8])?;
/// assert_eq!((matrix.n_samples(), matrix.n_features()), (2, 3));
/// assert_eq!(matrix.row(0), (&[0, 2][..], &[0.6, 0.8][..]));
/// assert_eq!(matrix.row(1).0.len(), 0);
/// # Ok::<(), narrative_frames::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureMatrix(Arc<CsMatI<f32, u32, usize>>);

impl FeatureMatrix {
    /// A matrix from its three arrays: row `i` has the columns `indices[indptr[i]..indptr[i + 1]]`,
    /// strictly ascending, with the values at the same places of `data`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidParameter`] if the arrays do not fit together, a column is not below
    /// `n_features`, or a value is not finite. Cost: one pass over the arrays.
    pub fn new(n_features: usize, indptr: Vec<usize>, indices: Vec<u32>, data: Vec<f32>) -> Result<Self> {
        let invalid = |value: String, expected: &str| ErrorKind::InvalidParameter {
            parameter: "feature matrix".to_owned(),
            value,
            expected: expected.to_owned(),
        };
        let n_samples = indptr
            .len()
            .checked_sub(1)
            .ok_or_else(|| invalid("without row pointers".to_owned(), "at least one"))?;
        if let Some(value) = data.iter().find(|value| !value.is_finite()) {
            return Err(invalid(format!("a matrix with {value}"), "finite values").into());
        }
        CsMatI::try_new((n_samples, n_features), indptr, indices, data)
            .map(|matrix| Self(Arc::new(matrix)))
            .map_err(|(_, _, _, error)| invalid(error.to_string(), "compressed sparse rows").into())
    }

    /// Rows.
    #[must_use]
    pub fn n_samples(&self) -> usize {
        self.0.rows()
    }

    /// Columns.
    #[must_use]
    pub fn n_features(&self) -> usize {
        self.0.cols()
    }

    /// Values that are stored.
    #[must_use]
    pub fn nnz(&self) -> usize {
        self.0.nnz()
    }

    /// Columns and values of one row.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    #[must_use]
    #[inline]
    pub fn row(&self, row: usize) -> (&[u32], &[f32]) {
        let range = self.0.indptr().outer_inds_sz(row);
        (&self.0.indices()[range.clone()], &self.0.data()[range])
    }

    /// The matrix of some of the rows, in the order given; a row may come more than once.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        let mut indptr = vec![0];
        let (mut indices, mut data) = (Vec::new(), Vec::new());
        for &row in rows {
            let (columns, values) = self.row(row);
            indices.extend_from_slice(columns);
            data.extend_from_slice(values);
            indptr.push(indices.len());
        }
        let shape = (rows.len(), self.n_features());
        Self(Arc::new(CsMatI::new(shape, indptr, indices, data)))
    }

    /// The matrix as `sprs` knows it.
    #[must_use]
    pub fn as_sprs(&self) -> &CsMatI<f32, u32, usize> {
        &self.0
    }
}

impl Records for FeatureMatrix {
    type Elem = f32;

    fn nsamples(&self) -> usize {
        self.n_samples()
    }

    fn nfeatures(&self) -> usize {
        self.n_features()
    }
}
