//! Reading a gzipped CSV table row by row. Only [`crate::load`] uses it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use flate2::read::GzDecoder;

use crate::Error;

/// A table that is being read.
pub struct Reader {
    file: PathBuf,
    csv: csv::Reader<GzDecoder<File>>,
    header: csv::StringRecord,
    record: csv::StringRecord,
}

impl Reader {
    /// Opens a table and reads its header.
    ///
    /// # Errors
    /// If the file can't be read or has no header.
    pub fn open(file: &Path) -> Result<Reader, Error> {
        let opened = File::open(file).map_err(|source| Error::Read { file: file.to_path_buf(), source })?;
        let mut csv = csv::Reader::from_reader(GzDecoder::new(opened));
        let header = csv.headers().map_err(|source| Error::Csv { file: file.to_path_buf(), source })?.clone();
        Ok(Reader { file: file.to_path_buf(), csv, header, record: csv::StringRecord::new() })
    }

    /// Where the named columns stand.
    ///
    /// # Errors
    /// If the table lacks one of them.
    pub fn columns<const N: usize>(&self, names: [&str; N]) -> Result<[usize; N], Error> {
        let mut columns = [0; N];
        for (column, name) in columns.iter_mut().zip(names) {
            *column = self
                .header
                .iter()
                .position(|title| title == name)
                .ok_or_else(|| Error::NoColumn { file: self.file.clone(), column: name.to_owned() })?;
        }
        Ok(columns)
    }

    /// The next row, or `None` at the end.
    ///
    /// # Errors
    /// If the row can't be read.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, Error> {
        match self.csv.read_record(&mut self.record) {
            Ok(true) => Ok(Some(Row { reader: self })),
            Ok(false) => Ok(None),
            Err(source) => Err(Error::Csv { file: self.file.clone(), source }),
        }
    }
}

/// One row of a table.
pub struct Row<'a> {
    reader: &'a Reader,
}

impl Row<'_> {
    /// The text of a field.
    pub fn text(&self, column: usize) -> &str {
        self.reader.record.get(column).unwrap_or("")
    }

    /// The number in a field.
    ///
    /// # Errors
    /// If there is none, or it doesn't fit.
    pub fn number<T: FromStr>(&self, column: usize) -> Result<T, Error> {
        self.text(column).parse().map_err(|_| self.unexpected(column))
    }

    /// The number in a field, or `None` where the table says `NA`.
    ///
    /// # Errors
    /// If there is something else.
    pub fn measured<T: FromStr>(&self, column: usize) -> Result<Option<T>, Error> {
        if self.text(column) == "NA" { Ok(None) } else { self.number(column).map(Some) }
    }

    fn unexpected(&self, column: usize) -> Error {
        Error::Field {
            file: self.reader.file.clone(),
            line: self.reader.record.position().map_or(0, csv::Position::line),
            column: self.reader.header.get(column).unwrap_or("").to_owned(),
            text: self.text(column).to_owned(),
        }
    }
}
