// Where tests take Cilium's CustomResourceDefinitions from; nothing of it is built.
module mcp.kubernetes/testbed/cilium

go 1.26.0

require github.com/cilium/cilium v1.18.4
