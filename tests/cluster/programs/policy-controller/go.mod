// What refuses Pods whose images are not signed, in the tests of a release.
module mcp.kubernetes/testbed/policy-controller

go 1.26.0

tool github.com/sigstore/policy-controller/cmd/webhook

require github.com/sigstore/policy-controller v0.13.1 // indirect

require cloud.google.com/go v0.121.6 // indirect

require cloud.google.com/go/auth v0.17.0 // indirect

require cloud.google.com/go/auth/oauth2adapt v0.2.8 // indirect

require cloud.google.com/go/compute/metadata v0.9.0 // indirect

require cloud.google.com/go/iam v1.5.3 // indirect

require cloud.google.com/go/kms v1.23.2 // indirect

require cloud.google.com/go/longrunning v0.6.7 // indirect

require cuelang.org/go v0.14.1 // indirect

require github.com/AliyunContainerService/ack-ram-tool/pkg/credentials/provider v0.14.0 // indirect

require github.com/Azure/azure-sdk-for-go v68.0.0+incompatible // indirect

require github.com/Azure/azure-sdk-for-go/sdk/azcore v1.20.0 // indirect

require github.com/Azure/azure-sdk-for-go/sdk/azidentity v1.13.1 // indirect

require github.com/Azure/azure-sdk-for-go/sdk/internal v1.11.2 // indirect

require github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azkeys v1.4.0 // indirect

require github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/internal v1.2.0 // indirect

require github.com/Azure/go-ansiterm v0.0.0-20250102033503-faa5f7b0171c // indirect

require github.com/Azure/go-autorest v14.2.0+incompatible // indirect

require github.com/Azure/go-autorest/autorest v0.11.29 // indirect

require github.com/Azure/go-autorest/autorest/adal v0.9.23 // indirect

require github.com/Azure/go-autorest/autorest/azure/auth v0.5.12 // indirect

require github.com/Azure/go-autorest/autorest/azure/cli v0.4.6 // indirect

require github.com/Azure/go-autorest/autorest/date v0.3.0 // indirect

require github.com/Azure/go-autorest/logger v0.2.1 // indirect

require github.com/Azure/go-autorest/tracing v0.6.0 // indirect

require github.com/AzureAD/microsoft-authentication-library-for-go v1.6.0 // indirect

require github.com/ThalesIgnite/crypto11 v1.2.5 // indirect

require github.com/agnivade/levenshtein v1.2.1 // indirect

require github.com/alibabacloud-go/alibabacloud-gateway-spi v0.0.4 // indirect

require github.com/alibabacloud-go/cr-20160607 v1.0.1 // indirect

require github.com/alibabacloud-go/cr-20181201 v1.0.10 // indirect

require github.com/alibabacloud-go/darabonba-openapi v0.2.1 // indirect

require github.com/alibabacloud-go/debug v1.0.0 // indirect

require github.com/alibabacloud-go/endpoint-util v1.1.1 // indirect

require github.com/alibabacloud-go/openapi-util v0.1.0 // indirect

require github.com/alibabacloud-go/tea v1.2.1 // indirect

require github.com/alibabacloud-go/tea-utils v1.4.5 // indirect

require github.com/alibabacloud-go/tea-xml v1.1.3 // indirect

require github.com/aliyun/credentials-go v1.3.2 // indirect

require github.com/asaskevich/govalidator v0.0.0-20230301143203-a9d515a09cc2 // indirect

require github.com/aws/aws-sdk-go-v2 v1.41.0 // indirect

require github.com/aws/aws-sdk-go-v2/config v1.32.5 // indirect

require github.com/aws/aws-sdk-go-v2/credentials v1.19.5 // indirect

require github.com/aws/aws-sdk-go-v2/feature/ec2/imds v1.18.16 // indirect

require github.com/aws/aws-sdk-go-v2/internal/configsources v1.4.16 // indirect

require github.com/aws/aws-sdk-go-v2/internal/endpoints/v2 v2.7.16 // indirect

require github.com/aws/aws-sdk-go-v2/internal/ini v1.8.4 // indirect

require github.com/aws/aws-sdk-go-v2/service/ecr v1.45.1 // indirect

require github.com/aws/aws-sdk-go-v2/service/ecrpublic v1.33.2 // indirect

require github.com/aws/aws-sdk-go-v2/service/internal/accept-encoding v1.13.4 // indirect

require github.com/aws/aws-sdk-go-v2/service/internal/presigned-url v1.13.16 // indirect

require github.com/aws/aws-sdk-go-v2/service/kms v1.49.1 // indirect

require github.com/aws/aws-sdk-go-v2/service/signin v1.0.4 // indirect

require github.com/aws/aws-sdk-go-v2/service/sso v1.30.7 // indirect

require github.com/aws/aws-sdk-go-v2/service/ssooidc v1.35.12 // indirect

require github.com/aws/aws-sdk-go-v2/service/sts v1.41.5 // indirect

require github.com/aws/smithy-go v1.24.0 // indirect

require github.com/awslabs/amazon-ecr-credential-helper/ecr-login v0.10.1 // indirect

require github.com/beorn7/perks v1.0.1 // indirect

require github.com/blang/semver v3.5.1+incompatible // indirect

require github.com/cenkalti/backoff/v4 v4.3.0 // indirect

require github.com/cenkalti/backoff/v5 v5.0.3 // indirect

require github.com/cespare/xxhash/v2 v2.3.0 // indirect

require github.com/chrismellard/docker-credential-acr-env v0.0.0-20230304212654-82a0ddb27589 // indirect

require github.com/clbanning/mxj/v2 v2.7.0 // indirect

require github.com/cockroachdb/apd/v3 v3.2.1 // indirect

require github.com/common-nighthawk/go-figure v0.0.0-20210622060536-734e95fb86be // indirect

require github.com/containerd/stargz-snapshotter/estargz v0.18.1 // indirect

require github.com/coreos/go-oidc/v3 v3.17.0 // indirect

require github.com/cyberphone/json-canonicalization v0.0.0-20241213102144-19d51d7fe467 // indirect

require github.com/davecgh/go-spew v1.1.2-0.20180830191138-d8f796af33cc // indirect

require github.com/decred/dcrd/dcrec/secp256k1/v4 v4.4.0 // indirect

require github.com/digitorus/pkcs7 v0.0.0-20230818184609-3a137a874352 // indirect

require github.com/digitorus/timestamp v0.0.0-20231217203849-220c5c2851b7 // indirect

require github.com/dimchansky/utfbom v1.1.1 // indirect

require github.com/docker/cli v29.0.3+incompatible // indirect

require github.com/docker/distribution v2.8.3+incompatible // indirect

require github.com/docker/docker-credential-helpers v0.9.3 // indirect

require github.com/dustin/go-humanize v1.0.1 // indirect

require github.com/emicklei/go-restful/v3 v3.12.2 // indirect

require github.com/emicklei/proto v1.14.2 // indirect

require github.com/felixge/httpsnoop v1.0.4 // indirect

require github.com/fsnotify/fsnotify v1.9.0 // indirect

require github.com/fxamacker/cbor/v2 v2.9.0 // indirect

require github.com/go-chi/chi/v5 v5.2.3 // indirect

require github.com/go-ini/ini v1.67.0 // indirect

require github.com/go-jose/go-jose/v4 v4.1.3 // indirect

require github.com/go-logr/logr v1.4.3 // indirect

require github.com/go-logr/stdr v1.2.2 // indirect

require github.com/go-openapi/analysis v0.24.1 // indirect

require github.com/go-openapi/errors v0.22.4 // indirect

require github.com/go-openapi/jsonpointer v0.22.1 // indirect

require github.com/go-openapi/jsonreference v0.21.3 // indirect

require github.com/go-openapi/loads v0.23.2 // indirect

require github.com/go-openapi/runtime v0.29.2 // indirect

require github.com/go-openapi/spec v0.22.1 // indirect

require github.com/go-openapi/strfmt v0.25.0 // indirect

require github.com/go-openapi/swag v0.25.4 // indirect

require github.com/go-openapi/swag/cmdutils v0.25.4 // indirect

require github.com/go-openapi/swag/conv v0.25.4 // indirect

require github.com/go-openapi/swag/fileutils v0.25.4 // indirect

require github.com/go-openapi/swag/jsonname v0.25.4 // indirect

require github.com/go-openapi/swag/jsonutils v0.25.4 // indirect

require github.com/go-openapi/swag/loading v0.25.4 // indirect

require github.com/go-openapi/swag/mangling v0.25.4 // indirect

require github.com/go-openapi/swag/netutils v0.25.4 // indirect

require github.com/go-openapi/swag/stringutils v0.25.4 // indirect

require github.com/go-openapi/swag/typeutils v0.25.4 // indirect

require github.com/go-openapi/swag/yamlutils v0.25.4 // indirect

require github.com/go-openapi/validate v0.25.1 // indirect

require github.com/go-viper/mapstructure/v2 v2.4.0 // indirect

require github.com/gobwas/glob v0.2.3 // indirect

require github.com/goccy/go-json v0.10.3 // indirect

require github.com/gogo/protobuf v1.3.2 // indirect

require github.com/golang-jwt/jwt/v4 v4.5.2 // indirect

require github.com/golang-jwt/jwt/v5 v5.3.0 // indirect

require github.com/golang/snappy v0.0.4 // indirect

require github.com/google/certificate-transparency-go v1.3.2 // indirect

require github.com/google/gnostic-models v0.7.0 // indirect

require github.com/google/go-cmp v0.7.0 // indirect

require github.com/google/go-containerregistry v0.20.7 // indirect

require github.com/google/go-github/v73 v73.0.0 // indirect

require github.com/google/go-querystring v1.1.0 // indirect

require github.com/google/s2a-go v0.1.9 // indirect

require github.com/google/uuid v1.6.0 // indirect

require github.com/googleapis/enterprise-certificate-proxy v0.3.7 // indirect

require github.com/googleapis/gax-go/v2 v2.15.0 // indirect

require github.com/grpc-ecosystem/grpc-gateway/v2 v2.27.3 // indirect

require github.com/hashicorp/errwrap v1.1.0 // indirect

require github.com/hashicorp/go-cleanhttp v0.5.2 // indirect

require github.com/hashicorp/go-multierror v1.1.1 // indirect

require github.com/hashicorp/go-retryablehttp v0.7.8 // indirect

require github.com/hashicorp/go-rootcerts v1.0.2 // indirect

require github.com/hashicorp/go-secure-stdlib/parseutil v0.2.0 // indirect

require github.com/hashicorp/go-secure-stdlib/strutil v0.1.2 // indirect

require github.com/hashicorp/go-sockaddr v1.0.7 // indirect

require github.com/hashicorp/hcl v1.0.1-vault-7 // indirect

require github.com/hashicorp/vault/api v1.22.0 // indirect

require github.com/in-toto/attestation v1.1.2 // indirect

require github.com/in-toto/in-toto-golang v0.9.0 // indirect

require github.com/inconshreveable/mousetrap v1.1.0 // indirect

require github.com/jedisct1/go-minisign v0.0.0-20230811132847-661be99b8267 // indirect

require github.com/jellydator/ttlcache/v3 v3.4.0 // indirect

require github.com/json-iterator/go v1.1.12 // indirect

require github.com/klauspost/compress v1.18.1 // indirect

require github.com/kylelemons/godebug v1.1.0 // indirect

require github.com/lestrrat-go/blackmagic v1.0.4 // indirect

require github.com/lestrrat-go/httpcc v1.0.1 // indirect

require github.com/lestrrat-go/httprc/v3 v3.0.0 // indirect

require github.com/lestrrat-go/jwx/v3 v3.0.10 // indirect

require github.com/lestrrat-go/option v1.0.1 // indirect

require github.com/lestrrat-go/option/v2 v2.0.0 // indirect

require github.com/letsencrypt/boulder v0.20251110.0 // indirect

require github.com/miekg/pkcs11 v1.1.1 // indirect

require github.com/mitchellh/go-homedir v1.1.0 // indirect

require github.com/mitchellh/go-wordwrap v1.0.1 // indirect

require github.com/mitchellh/mapstructure v1.5.1-0.20231216201459-8508981c8b6c // indirect

require github.com/moby/term v0.5.2 // indirect

require github.com/modern-go/concurrent v0.0.0-20180306012644-bacd9c7ef1dd // indirect

require github.com/modern-go/reflect2 v1.0.3-0.20250322232337-35a7c28c31ee // indirect

require github.com/mozillazg/docker-credential-acr-helper v0.4.0 // indirect

require github.com/munnerz/goautoneg v0.0.0-20191010083416-a7dc8b61c822 // indirect

require github.com/natefinch/atomic v1.0.1 // indirect

require github.com/nozzle/throttler v0.0.0-20180817012639-2ea982251481 // indirect

require github.com/oklog/ulid v1.3.1 // indirect

require github.com/open-policy-agent/opa v1.8.0 // indirect

require github.com/opencontainers/go-digest v1.0.0 // indirect

require github.com/opencontainers/image-spec v1.1.1 // indirect

require github.com/pelletier/go-toml/v2 v2.2.4 // indirect

require github.com/pkg/browser v0.0.0-20240102092130-5ac0b6a4141c // indirect

require github.com/pkg/errors v0.9.1 // indirect

require github.com/prometheus/client_golang v1.23.2 // indirect

require github.com/prometheus/client_model v0.6.2 // indirect

require github.com/prometheus/common v0.67.4 // indirect

require github.com/prometheus/procfs v0.17.0 // indirect

require github.com/protocolbuffers/txtpbfmt v0.0.0-20250627152318-f293424e46b5 // indirect

require github.com/rcrowley/go-metrics v0.0.0-20201227073835-cf1acfcdf475 // indirect

require github.com/ryanuber/go-glob v1.0.0 // indirect

require github.com/sagikazarmark/locafero v0.11.0 // indirect

require github.com/sassoftware/relic v7.2.1+incompatible // indirect

require github.com/secure-systems-lab/go-securesystemslib v0.9.1 // indirect

require github.com/segmentio/asm v1.2.0 // indirect

require github.com/shibumi/go-pathspec v1.3.0 // indirect

require github.com/sigstore/cosign/v2 v2.6.5 // indirect

require github.com/sigstore/protobuf-specs v0.5.0 // indirect

require github.com/sigstore/rekor v1.4.3 // indirect

require github.com/sigstore/rekor-tiles/v2 v2.0.1 // indirect

require github.com/sigstore/sigstore v1.10.3 // indirect

require github.com/sigstore/sigstore-go v1.1.4 // indirect

require github.com/sigstore/sigstore/pkg/signature/kms/aws v1.10.3 // indirect

require github.com/sigstore/sigstore/pkg/signature/kms/azure v1.10.3 // indirect

require github.com/sigstore/sigstore/pkg/signature/kms/gcp v1.10.3 // indirect

require github.com/sigstore/sigstore/pkg/signature/kms/hashivault v1.10.3 // indirect

require github.com/sigstore/timestamp-authority/v2 v2.0.3 // indirect

require github.com/sirupsen/logrus v1.9.3 // indirect

require github.com/sourcegraph/conc v0.3.1-0.20240121214520-5f936abd7ae8 // indirect

require github.com/spf13/afero v1.15.0 // indirect

require github.com/spf13/cast v1.10.0 // indirect

require github.com/spf13/cobra v1.10.2 // indirect

require github.com/spf13/pflag v1.0.10 // indirect

require github.com/spf13/viper v1.21.0 // indirect

require github.com/subosito/gotenv v1.6.0 // indirect

require github.com/syndtr/goleveldb v1.0.1-0.20220721030215-126854af5e6d // indirect

require github.com/tchap/go-patricia/v2 v2.3.3 // indirect

require github.com/thales-e-security/pool v0.0.2 // indirect

require github.com/theupdateframework/go-tuf v0.7.0 // indirect

require github.com/theupdateframework/go-tuf/v2 v2.3.0 // indirect

require github.com/titanous/rocacheck v0.0.0-20171023193734-afe73141d399 // indirect

require github.com/tjfoc/gmsm v1.4.1 // indirect

require github.com/transparency-dev/formats v0.0.0-20251017110053-404c0d5b696c // indirect

require github.com/transparency-dev/merkle v0.0.2 // indirect

require github.com/valyala/fastjson v1.6.4 // indirect

require github.com/vbatts/tar-split v0.12.2 // indirect

require github.com/vektah/gqlparser/v2 v2.5.30 // indirect

require github.com/x448/float16 v0.8.4 // indirect

require github.com/xeipuuv/gojsonpointer v0.0.0-20190905194746-02993c407bfb // indirect

require github.com/xeipuuv/gojsonreference v0.0.0-20180127040603-bd5ef7bd5415 // indirect

require github.com/yashtewari/glob-intersection v0.2.0 // indirect

require gitlab.com/gitlab-org/api/client-go v0.143.3 // indirect

require go.mongodb.org/mongo-driver v1.17.6 // indirect

require go.opentelemetry.io/auto/sdk v1.2.1 // indirect

require go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc v0.63.0 // indirect

require go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp v0.63.0 // indirect

require go.opentelemetry.io/otel v1.38.0 // indirect

require go.opentelemetry.io/otel/metric v1.38.0 // indirect

require go.opentelemetry.io/otel/sdk v1.38.0 // indirect

require go.opentelemetry.io/otel/trace v1.38.0 // indirect

require go.uber.org/multierr v1.11.0 // indirect

require go.uber.org/zap v1.27.1 // indirect

require go.yaml.in/yaml/v2 v2.4.3 // indirect

require go.yaml.in/yaml/v3 v3.0.4 // indirect

require golang.org/x/crypto v0.46.0 // indirect

require golang.org/x/mod v0.30.0 // indirect

require golang.org/x/net v0.48.0 // indirect

require golang.org/x/oauth2 v0.33.0 // indirect

require golang.org/x/sync v0.19.0 // indirect

require golang.org/x/sys v0.39.0 // indirect

require golang.org/x/term v0.38.0 // indirect

require golang.org/x/text v0.32.0 // indirect

require golang.org/x/time v0.14.0 // indirect

require google.golang.org/api v0.257.0 // indirect

require google.golang.org/genproto v0.0.0-20250922171735-9219d122eba9 // indirect

require google.golang.org/genproto/googleapis/api v0.0.0-20251022142026-3a174f9686a8 // indirect

require google.golang.org/genproto/googleapis/rpc v0.0.0-20251213004720-97cd9d5aeac2 // indirect

require google.golang.org/grpc v1.77.0 // indirect

require google.golang.org/protobuf v1.36.11 // indirect

require gopkg.in/evanphx/json-patch.v4 v4.12.0 // indirect

require gopkg.in/inf.v0 v0.9.1 // indirect

require gopkg.in/ini.v1 v1.67.0 // indirect

require gopkg.in/yaml.v3 v3.0.1 // indirect

require k8s.io/api v0.34.1 // indirect

require k8s.io/apimachinery v0.34.1 // indirect

require k8s.io/client-go v0.34.1 // indirect

require k8s.io/klog/v2 v2.130.1 // indirect

require k8s.io/kube-openapi v0.0.0-20250710124328-f3f2b991d03b // indirect

require k8s.io/utils v0.0.0-20250820121507-0af2bda4dd1d // indirect

require sigs.k8s.io/json v0.0.0-20241014173422-cfa47c3a1cc8 // indirect

require sigs.k8s.io/randfill v1.0.0 // indirect

require sigs.k8s.io/release-utils v0.12.2 // indirect

require sigs.k8s.io/structured-merge-diff/v6 v6.3.0 // indirect

require sigs.k8s.io/yaml v1.6.0 // indirect

require (
	contrib.go.opencensus.io/exporter/ocagent v0.7.1-0.20200907061046-05415f1de66d // indirect
	contrib.go.opencensus.io/exporter/prometheus v0.4.2 // indirect
	github.com/aws/aws-sdk-go v1.55.8 // indirect
	github.com/blang/semver/v4 v4.0.0 // indirect
	github.com/blendle/zapdriver v1.3.1 // indirect
	github.com/census-instrumentation/opencensus-proto v0.4.1 // indirect
	github.com/creack/pty v1.1.19 // indirect
	github.com/evanphx/json-patch/v5 v5.7.0 // indirect
	github.com/go-kit/log v0.2.1 // indirect
	github.com/go-logfmt/logfmt v0.5.1 // indirect
	github.com/gobuffalo/flect v1.0.2 // indirect
	github.com/golang/groupcache v0.0.0-20241129210726-2c02b8208cf8 // indirect
	github.com/golang/protobuf v1.5.4 // indirect
	github.com/google/go-containerregistry/pkg/authn/k8schain v0.0.0-20230919002926-dbcd01c402b2 // indirect
	github.com/google/go-containerregistry/pkg/authn/kubernetes v0.0.0-20230919002926-dbcd01c402b2 // indirect
	github.com/hashicorp/golang-lru v1.0.2 // indirect
	github.com/kelseyhightower/envconfig v1.4.0 // indirect
	github.com/pmezard/go-difflib v1.0.1-0.20181226105442-5d4384ee4fb2 // indirect
	github.com/prometheus/statsd_exporter v0.22.8 // indirect
	go.opencensus.io v0.24.0 // indirect
	go.uber.org/atomic v1.11.0 // indirect
	go.uber.org/automaxprocs v1.6.0 // indirect
	gomodules.xyz/jsonpatch/v2 v2.4.0 // indirect
	gopkg.in/yaml.v2 v2.4.0 // indirect
	gotest.tools/v3 v3.5.2 // indirect
	k8s.io/apiextensions-apiserver v0.27.6 // indirect
	knative.dev/pkg v0.0.0-20230612155445-74c4be5e935e // indirect
)
