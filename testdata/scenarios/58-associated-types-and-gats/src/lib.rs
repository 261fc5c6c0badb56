//! Types that are known through a trait only.

use rememo::cached;

pub trait Storage {
    type Reader<'a>: Reader
    where
        Self: 'a;
    type Error: Explain;
    fn open(&self) -> Self::Reader<'_>;
    fn error(&self) -> Self::Error;
}

pub trait Reader {
    fn read(&mut self) -> u32;
}

pub trait Explain {
    fn explain(&self) -> String;
}

pub struct Memory(Vec<u32>);
pub struct MemoryReader<'a>(&'a [u32]);
pub struct MemoryError;

pub struct Disk;
pub struct DiskReader;

impl Storage for Memory {
    type Reader<'a> = MemoryReader<'a>;
    type Error = MemoryError;

    fn open(&self) -> MemoryReader<'_> {
        MemoryReader(&self.0)
    }

    fn error(&self) -> MemoryError {
        MemoryError
    }
}

impl Storage for Disk {
    type Reader<'a> = DiskReader;
    type Error = MemoryError;

    fn open(&self) -> DiskReader {
        DiskReader
    }

    fn error(&self) -> MemoryError {
        MemoryError
    }
}

impl Reader for MemoryReader<'_> {
    fn read(&mut self) -> u32 {
        self.0.len() as u32
    }
}

impl Reader for DiskReader {
    fn read(&mut self) -> u32 {
        1
    }
}

impl Explain for MemoryError {
    fn explain(&self) -> String {
        String::from("out of memory")
    }
}

fn read_one<S: Storage>(storage: &S) -> u32 {
    let mut reader = storage.open();
    reader.read()
}

fn explain<S>(storage: S) -> String
where
    S: Storage,
    S::Error: Explain,
{
    storage.error().explain()
}

pub trait Shape {
    type Unit;
    fn measure(&self) -> <Self as Shape>::Unit;
}

pub struct Metre(u32);

impl Metre {
    fn value(&self) -> u32 {
        self.0
    }
}

impl Shape for Disk {
    type Unit = Metre;

    fn measure(&self) -> Metre {
        Metre(3)
    }
}

#[cached]
pub fn memory() -> u32 {
    read_one(&Memory(vec![1]))
}

#[cached]
pub fn disk() -> u32 {
    read_one(&Disk)
}

#[cached]
pub fn explained() -> String {
    explain(Memory(Vec::new()))
}

#[cached]
pub fn measured() -> u32 {
    Disk.measure().value()
}
