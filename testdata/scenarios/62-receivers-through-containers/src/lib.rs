//! What `x` is in `x.get()`, when x comes out of something. The decoy has methods of the same names.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use rememo::cached;

#[derive(Clone, Copy)]
pub struct Row(u32);

impl Row {
    fn get(&self) -> u32 {
        self.0 + 1
    }
}

pub struct Decoy;

impl Decoy {
    pub fn get(&self) -> u32 {
        0
    }

    pub fn borrow(&self) -> u32 {
        0
    }

    pub fn lock(&self) -> u32 {
        0
    }
}

struct Table {
    rows: Vec<Row>,
    index: HashMap<String, Row>,
    shared: Rc<RefCell<Row>>,
    locked: Arc<Mutex<Option<Row>>>,
}

fn table() -> Table {
    Table {
        rows: vec![Row(1)],
        index: HashMap::from([(String::from("a"), Row(2))]),
        shared: Rc::new(RefCell::new(Row(3))),
        locked: Arc::new(Mutex::new(Some(Row(4)))),
    }
}

fn find(rows: &[Row]) -> Option<&Row> {
    rows.iter().find(|row| row.0 > 0)
}

#[cached]
pub fn in_loop() -> u32 {
    let table = table();
    let mut sum = 0;
    for row in &table.rows {
        sum += row.get();
    }
    sum
}

#[cached]
pub fn by_index() -> u32 {
    table().rows[0].get()
}

#[cached]
pub fn by_key() -> u32 {
    table().index.get("a").unwrap().get()
}

#[cached]
pub fn in_cell() -> u32 {
    table().shared.borrow().get()
}

#[cached]
pub fn in_lock() -> u32 {
    let table = table();
    let guard = table.locked.lock().unwrap();
    guard.as_ref().map(|row| row.get()).unwrap_or(0)
}

#[cached]
pub fn if_let() -> u32 {
    if let Some(row) = find(&table().rows) { row.get() } else { 0 }
}

#[cached]
pub fn zipped() -> u32 {
    let rows = vec![Row(1)];
    let names = ["a"];
    rows.iter().zip(names).enumerate().map(|(_, (row, _))| row.get()).sum()
}

#[cached]
pub fn grouped() -> u32 {
    let mut groups: BTreeMap<u32, Vec<Row>> = BTreeMap::new();
    groups.entry(1).or_default().push(Row(1));
    groups.values().flat_map(|rows| rows.iter()).map(|row| row.get()).max().unwrap_or(0)
}

#[cached]
pub fn without() -> u32 {
    table().rows.len() as u32
}
