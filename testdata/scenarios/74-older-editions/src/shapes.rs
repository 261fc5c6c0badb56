//! Shapes.

pub fn area(side: u32) -> u32 {
    try_it(side).unwrap_or(0)
}

fn try_it(side: u32) -> Result<u32, ()> {
    let checked = check(side)?;
    Ok(checked * checked)
}

fn check(side: u32) -> Result<u32, ()> {
    Ok(side)
}
