// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// A server on the official Rust SDK: server stateful|json. PORT says where it listens.

use rmcp::handler::server::{router::tool::ToolRouter, wrapper::Parameters};
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpServerConfig, StreamableHttpService,
};
use rmcp::{tool, tool_handler, tool_router, ServerHandler};

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Numbers {
    a: f64,
    b: f64,
}

#[derive(Clone)]
#[allow(dead_code)]
struct Judged {
    tool_router: ToolRouter<Self>,
}

#[tool_router]
impl Judged {
    fn new() -> Self {
        Self { tool_router: Self::tool_router() }
    }

    #[tool(description = "Add two numbers.")]
    fn add(&self, Parameters(numbers): Parameters<Numbers>) -> String {
        (numbers.a + numbers.b).to_string()
    }
}

#[tool_handler]
impl ServerHandler for Judged {}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let json = std::env::args().nth(1).as_deref() == Some("json");
    let mut config = StreamableHttpServerConfig::default();
    config.json_response = json;
    let service = StreamableHttpService::new(|| Ok(Judged::new()), LocalSessionManager::default().into(), config);
    let port = std::env::var("PORT").expect("PORT is set");
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.expect("the port is free");
    axum::serve(listener, axum::Router::new().nest_service("/mcp", service)).await.expect("it serves");
}
