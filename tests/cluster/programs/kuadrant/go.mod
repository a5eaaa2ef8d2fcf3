// Where tests take the CustomResourceDefinition of Kuadrant's MCP Gateway from; nothing of it is built.
module mcp.kubernetes/testbed/kuadrant

go 1.26.0

require github.com/Kuadrant/mcp-gateway v0.9.0
