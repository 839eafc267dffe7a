#include "server/integrations/s3_operations.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace presso::server {

namespace {

constexpr std::array kS3Operations{
    S3Operation{"copyObject", "PUT", S3Place::Object, "", S3Payload::None, "", S3Answer::Document},
    S3Operation{"createBucket", "PUT", S3Place::Bucket, "", S3Payload::Document,
                "CreateBucketConfiguration", S3Answer::Plain},
    S3Operation{"deleteBucket", "DELETE", S3Place::Bucket, "", S3Payload::None, "",
                S3Answer::Plain},
    S3Operation{"deleteObject", "DELETE", S3Place::Object, "", S3Payload::None, "",
                S3Answer::Plain},
    S3Operation{"deleteObjectTagging", "DELETE", S3Place::Object, "tagging", S3Payload::None, "",
                S3Answer::Plain},
    S3Operation{"deleteObjects", "POST", S3Place::Bucket, "delete", S3Payload::Document, "Delete",
                S3Answer::Members},
    S3Operation{"getObject", "GET", S3Place::Object, "", S3Payload::None, "", S3Answer::Body},
    S3Operation{"getObjectAttributes", "GET", S3Place::Object, "attributes", S3Payload::None, "",
                S3Answer::Members},
    S3Operation{"getObjectTagging", "GET", S3Place::Object, "tagging", S3Payload::None, "",
                S3Answer::Members},
    S3Operation{"headBucket", "HEAD", S3Place::Bucket, "", S3Payload::None, "", S3Answer::Plain},
    S3Operation{"headObject", "HEAD", S3Place::Object, "", S3Payload::None, "", S3Answer::Entity},
    S3Operation{"listBuckets", "GET", S3Place::Service, "", S3Payload::None, "", S3Answer::Members},
    S3Operation{"listObjects", "GET", S3Place::Bucket, "", S3Payload::None, "", S3Answer::Members},
    S3Operation{"listObjectsV2", "GET", S3Place::Bucket, "list-type=2", S3Payload::None, "",
                S3Answer::Members},
    S3Operation{"putObject", "PUT", S3Place::Object, "", S3Payload::Body, "", S3Answer::Plain},
    S3Operation{"putObjectTagging", "PUT", S3Place::Object, "tagging", S3Payload::Document,
                "Tagging", S3Answer::Plain},
};

constexpr auto kHeader = S3Location::Header;
constexpr auto kQuery = S3Location::Query;
constexpr auto kText = S3Kind::Text;
constexpr auto kDate = S3Kind::HttpDate;

constexpr std::array kS3Parameters{
    S3Parameter{"ACL", kHeader, "x-amz-acl", kText},
    S3Parameter{"BucketKeyEnabled", kHeader, "x-amz-server-side-encryption-bucket-key-enabled",
                kText},
    S3Parameter{"BucketRegion", kQuery, "bucket-region", kText},
    S3Parameter{"BypassGovernanceRetention", kHeader, "x-amz-bypass-governance-retention", kText},
    S3Parameter{"CacheControl", kHeader, "cache-control", kText},
    S3Parameter{"ChecksumCRC32", kHeader, "x-amz-checksum-crc32", kText},
    S3Parameter{"ChecksumCRC32C", kHeader, "x-amz-checksum-crc32c", kText},
    S3Parameter{"ChecksumCRC64NVME", kHeader, "x-amz-checksum-crc64nvme", kText},
    S3Parameter{"ChecksumMode", kHeader, "x-amz-checksum-mode", kText},
    S3Parameter{"ChecksumSHA1", kHeader, "x-amz-checksum-sha1", kText},
    S3Parameter{"ChecksumSHA256", kHeader, "x-amz-checksum-sha256", kText},
    S3Parameter{"ContentDisposition", kHeader, "content-disposition", kText},
    S3Parameter{"ContentEncoding", kHeader, "content-encoding", kText},
    S3Parameter{"ContentLanguage", kHeader, "content-language", kText},
    S3Parameter{"ContentMD5", kHeader, "content-md5", kText},
    S3Parameter{"ContentType", kHeader, "content-type", kText},
    S3Parameter{"ContinuationToken", kQuery, "continuation-token", kText},
    S3Parameter{"CopySource", kHeader, "x-amz-copy-source", kText},
    S3Parameter{"CopySourceIfMatch", kHeader, "x-amz-copy-source-if-match", kText},
    S3Parameter{"CopySourceIfModifiedSince", kHeader, "x-amz-copy-source-if-modified-since", kDate},
    S3Parameter{"CopySourceIfNoneMatch", kHeader, "x-amz-copy-source-if-none-match", kText},
    S3Parameter{"CopySourceIfUnmodifiedSince", kHeader, "x-amz-copy-source-if-unmodified-since",
                kDate},
    S3Parameter{"CopySourceSSECustomerAlgorithm", kHeader,
                "x-amz-copy-source-server-side-encryption-customer-algorithm", kText},
    S3Parameter{"CopySourceSSECustomerKey", kHeader,
                "x-amz-copy-source-server-side-encryption-customer-key", kText},
    S3Parameter{"CopySourceSSECustomerKeyMD5", kHeader,
                "x-amz-copy-source-server-side-encryption-customer-key-md5", kText},
    S3Parameter{"Delimiter", kQuery, "delimiter", kText},
    S3Parameter{"EncodingType", kQuery, "encoding-type", kText},
    S3Parameter{"ExpectedBucketOwner", kHeader, "x-amz-expected-bucket-owner", kText},
    S3Parameter{"ExpectedSourceBucketOwner", kHeader, "x-amz-source-expected-bucket-owner", kText},
    S3Parameter{"Expires", kHeader, "expires", kDate},
    S3Parameter{"FetchOwner", kQuery, "fetch-owner", kText},
    S3Parameter{"GrantFullControl", kHeader, "x-amz-grant-full-control", kText},
    S3Parameter{"GrantRead", kHeader, "x-amz-grant-read", kText},
    S3Parameter{"GrantReadACP", kHeader, "x-amz-grant-read-acp", kText},
    S3Parameter{"GrantWrite", kHeader, "x-amz-grant-write", kText},
    S3Parameter{"GrantWriteACP", kHeader, "x-amz-grant-write-acp", kText},
    S3Parameter{"IfMatch", kHeader, "if-match", kText},
    S3Parameter{"IfMatchLastModifiedTime", kHeader, "x-amz-if-match-last-modified-time", kDate},
    S3Parameter{"IfMatchSize", kHeader, "x-amz-if-match-size", kText},
    S3Parameter{"IfModifiedSince", kHeader, "if-modified-since", kDate},
    S3Parameter{"IfNoneMatch", kHeader, "if-none-match", kText},
    S3Parameter{"IfUnmodifiedSince", kHeader, "if-unmodified-since", kDate},
    S3Parameter{"MFA", kHeader, "x-amz-mfa", kText},
    S3Parameter{"Marker", kQuery, "marker", kText},
    S3Parameter{"MaxBuckets", kQuery, "max-buckets", kText},
    S3Parameter{"MaxKeys", kQuery, "max-keys", kText},
    S3Parameter{"MaxParts", kHeader, "x-amz-max-parts", kText},
    S3Parameter{"MetadataDirective", kHeader, "x-amz-metadata-directive", kText},
    S3Parameter{"ObjectAttributes", kHeader, "x-amz-object-attributes", S3Kind::List},
    S3Parameter{"ObjectLockEnabledForBucket", kHeader, "x-amz-bucket-object-lock-enabled", kText},
    S3Parameter{"ObjectLockLegalHoldStatus", kHeader, "x-amz-object-lock-legal-hold", kText},
    S3Parameter{"ObjectLockMode", kHeader, "x-amz-object-lock-mode", kText},
    S3Parameter{"ObjectLockRetainUntilDate", kHeader, "x-amz-object-lock-retain-until-date", kText},
    S3Parameter{"ObjectOwnership", kHeader, "x-amz-object-ownership", kText},
    S3Parameter{"OptionalObjectAttributes", kHeader, "x-amz-optional-object-attributes",
                S3Kind::List},
    S3Parameter{"PartNumber", kQuery, "partNumber", kText},
    S3Parameter{"PartNumberMarker", kHeader, "x-amz-part-number-marker", kText},
    S3Parameter{"Prefix", kQuery, "prefix", kText},
    S3Parameter{"Range", kHeader, "range", kText},
    S3Parameter{"RequestPayer", kHeader, "x-amz-request-payer", kText},
    S3Parameter{"ResponseCacheControl", kQuery, "response-cache-control", kText},
    S3Parameter{"ResponseContentDisposition", kQuery, "response-content-disposition", kText},
    S3Parameter{"ResponseContentEncoding", kQuery, "response-content-encoding", kText},
    S3Parameter{"ResponseContentLanguage", kQuery, "response-content-language", kText},
    S3Parameter{"ResponseContentType", kQuery, "response-content-type", kText},
    S3Parameter{"ResponseExpires", kQuery, "response-expires", kDate},
    S3Parameter{"SSECustomerAlgorithm", kHeader, "x-amz-server-side-encryption-customer-algorithm",
                kText},
    S3Parameter{"SSECustomerKey", kHeader, "x-amz-server-side-encryption-customer-key", kText},
    S3Parameter{"SSECustomerKeyMD5", kHeader, "x-amz-server-side-encryption-customer-key-md5",
                kText},
    S3Parameter{"SSEKMSEncryptionContext", kHeader, "x-amz-server-side-encryption-context", kText},
    S3Parameter{"SSEKMSKeyId", kHeader, "x-amz-server-side-encryption-aws-kms-key-id", kText},
    S3Parameter{"ServerSideEncryption", kHeader, "x-amz-server-side-encryption", kText},
    S3Parameter{"StartAfter", kQuery, "start-after", kText},
    S3Parameter{"StorageClass", kHeader, "x-amz-storage-class", kText},
    S3Parameter{"Tagging", kHeader, "x-amz-tagging", kText},
    S3Parameter{"TaggingDirective", kHeader, "x-amz-tagging-directive", kText},
    S3Parameter{"VersionId", kQuery, "versionId", kText},
    S3Parameter{"WebsiteRedirectLocation", kHeader, "x-amz-website-redirect-location", kText},
};

constexpr std::array kS3ResultHeaders{
    S3ResultHeader{"AcceptRanges", "accept-ranges", kText, true},
    S3ResultHeader{"AccessPointAlias", "x-amz-access-point-alias", S3Kind::Boolean, false},
    S3ResultHeader{"ArchiveStatus", "x-amz-archive-status", kText, false},
    S3ResultHeader{"BucketKeyEnabled", "x-amz-server-side-encryption-bucket-key-enabled",
                   S3Kind::Boolean, false},
    S3ResultHeader{"BucketRegion", "x-amz-bucket-region", kText, false},
    S3ResultHeader{"CacheControl", "cache-control", kText, true},
    S3ResultHeader{"ChecksumCRC32", "x-amz-checksum-crc32", kText, false},
    S3ResultHeader{"ChecksumCRC32C", "x-amz-checksum-crc32c", kText, false},
    S3ResultHeader{"ChecksumCRC64NVME", "x-amz-checksum-crc64nvme", kText, false},
    S3ResultHeader{"ChecksumSHA1", "x-amz-checksum-sha1", kText, false},
    S3ResultHeader{"ChecksumSHA256", "x-amz-checksum-sha256", kText, false},
    S3ResultHeader{"ChecksumType", "x-amz-checksum-type", kText, false},
    S3ResultHeader{"ContentDisposition", "content-disposition", kText, true},
    S3ResultHeader{"ContentEncoding", "content-encoding", kText, true},
    S3ResultHeader{"ContentLanguage", "content-language", kText, true},
    S3ResultHeader{"ContentLength", "content-length", S3Kind::Integer, true},
    S3ResultHeader{"ContentRange", "content-range", kText, true},
    S3ResultHeader{"ContentType", "content-type", kText, true},
    S3ResultHeader{"CopySourceVersionId", "x-amz-copy-source-version-id", kText, false},
    S3ResultHeader{"DeleteMarker", "x-amz-delete-marker", S3Kind::Boolean, false},
    S3ResultHeader{"ETag", "etag", kText, false},
    S3ResultHeader{"Expiration", "x-amz-expiration", kText, false},
    S3ResultHeader{"Expires", "expires", kDate, true},
    S3ResultHeader{"ExpiresString", "expires", kText, true},
    S3ResultHeader{"LastModified", "last-modified", kDate, false},
    S3ResultHeader{"Location", "location", kText, false},
    S3ResultHeader{"MissingMeta", "x-amz-missing-meta", S3Kind::Integer, false},
    S3ResultHeader{"ObjectLockLegalHoldStatus", "x-amz-object-lock-legal-hold", kText, false},
    S3ResultHeader{"ObjectLockMode", "x-amz-object-lock-mode", kText, false},
    S3ResultHeader{"ObjectLockRetainUntilDate", "x-amz-object-lock-retain-until-date",
                   S3Kind::IsoDate, false},
    S3ResultHeader{"PartsCount", "x-amz-mp-parts-count", S3Kind::Integer, false},
    S3ResultHeader{"ReplicationStatus", "x-amz-replication-status", kText, false},
    S3ResultHeader{"RequestCharged", "x-amz-request-charged", kText, false},
    S3ResultHeader{"Restore", "x-amz-restore", kText, false},
    S3ResultHeader{"ServerSideEncryption", "x-amz-server-side-encryption", kText, false},
    S3ResultHeader{"SseCustomerAlgorithm", "x-amz-server-side-encryption-customer-algorithm", kText,
                   false},
    S3ResultHeader{"SseCustomerKeyMD5", "x-amz-server-side-encryption-customer-key-md5", kText,
                   false},
    S3ResultHeader{"SsekmsEncryptionContext", "x-amz-server-side-encryption-context", kText, false},
    S3ResultHeader{"SsekmsKeyId", "x-amz-server-side-encryption-aws-kms-key-id", kText, false},
    S3ResultHeader{"StorageClass", "x-amz-storage-class", kText, false},
    S3ResultHeader{"TagCount", "x-amz-tagging-count", S3Kind::Integer, false},
    S3ResultHeader{"VersionId", "x-amz-version-id", kText, false},
    S3ResultHeader{"WebsiteRedirectLocation", "x-amz-website-redirect-location", kText, false},
};

}  // namespace

const S3Operation* find_s3_operation(std::string_view action) {
  const auto* it =
      std::find_if(kS3Operations.begin(), kS3Operations.end(),
                   [&](const S3Operation& operation) { return operation.action == action; });
  return it == kS3Operations.end() ? nullptr : &*it;
}

const S3Parameter* find_s3_parameter(std::string_view member) {
  const std::string wanted = to_lower_ascii(member);
  const auto* it = std::find_if(
      kS3Parameters.begin(), kS3Parameters.end(),
      [&](const S3Parameter& parameter) { return to_lower_ascii(parameter.member) == wanted; });
  return it == kS3Parameters.end() ? nullptr : &*it;
}

std::span<const S3ResultHeader> s3_result_headers() { return kS3ResultHeaders; }

}  // namespace presso::server
