//! Uses a date type.

use chrono::Date;

pub struct Report {
    date: Date,
}

pub fn render() -> String {
    let report = Report { date: Date::today() };
    report.date.to_string()
}
