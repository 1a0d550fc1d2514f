"""The names of S3's operations, which the wire does not carry."""

from collections.abc import Collection, Mapping

_OF_OBJECTS = {
    "GET": "GetObject",
    "HEAD": "HeadObject",
    "PUT": "PutObject",
    "DELETE": "DeleteObject",
}
_BY_PARAMETER = {
    ("POST", "restore"): "RestoreObject",
    ("POST", "uploads"): "CreateMultipartUpload",
    ("POST", "uploadId"): "CompleteMultipartUpload",
    ("PUT", "uploadId"): "UploadPart",
    ("DELETE", "uploadId"): "AbortMultipartUpload",
    ("POST", "delete"): "DeleteObjects",
    ("GET", "uploadId"): "ListParts",
    ("GET", "uploads"): "ListMultipartUploads",
    ("GET", "versions"): "ListObjectVersions",
    ("GET", "list-type"): "ListObjectsV2",
}
_OF_BUCKETS = {"HEAD": "HeadBucket", "POST": "PostObject"}


def s3_operation(
    method: str, parameters: Collection[str], headers: Mapping[str, str], *, of_object: bool
) -> str:
    """The operation that a request is; empty for those that GAS does not use."""
    named = [
        name for (verb, key), name in _BY_PARAMETER.items() if verb == method and key in parameters
    ]
    unnamed = _OF_OBJECTS if of_object else _OF_BUCKETS
    operation = named[0] if named else unnamed.get(method, "")
    if "x-amz-copy-source" in headers:
        return {"PutObject": "CopyObject", "UploadPart": "UploadPartCopy"}.get(operation, operation)
    return operation
