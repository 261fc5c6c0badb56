use std::net::{Ipv4Addr, TcpStream};

// reads: network
#[rememo::cached]
fn connects(host: String) -> bool {
    TcpStream::connect(host).is_ok()
}

// reads: network
#[rememo::cached]
async fn fetches(url: String) -> usize {
    match reqwest::get(url).await {
        Ok(answer) => answer.text().await.map_or(0, |text| text.len()),
        Err(_) => 0,
    }
}

// reads: network (ttl)
#[rememo::cached(ttl = "1d")]
fn daily(host: String) -> bool {
    TcpStream::connect(host).is_ok()
}

// reads: nothing
#[rememo::cached]
fn an_address_is_a_value(n: u8) -> String {
    Ipv4Addr::new(127, 0, 0, n).to_string()
}

// reads: nothing
#[rememo::cached]
fn a_status_is_a_value(n: u16) -> bool {
    n == reqwest::StatusCode::OK
}
