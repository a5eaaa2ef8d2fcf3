// Where tests take the CustomResourceDefinition of Envoy AI Gateway from; nothing of it is built.
module mcp.kubernetes/testbed/envoy-ai-gateway

go 1.26.4

require github.com/envoyproxy/ai-gateway v1.0.0
