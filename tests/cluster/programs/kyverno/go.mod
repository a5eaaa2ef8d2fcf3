// Where tests take the CustomResourceDefinition of Kyverno's policies for images from; nothing of it is built.
module mcp.kubernetes/testbed/kyverno

go 1.26.0

require github.com/kyverno/kyverno v1.19.1
