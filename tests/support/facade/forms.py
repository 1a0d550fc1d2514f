"""A form as a browser sends it to S3."""

import io
from dataclasses import dataclass

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File, parse_form

from tests.support.facade.calls import Call
from tests.support.facade.errors import AwsError

_MULTIPART = "multipart/form-data"


@dataclass(frozen=True)
class UploadForm:
    """Fields by their names in small letters, and the file. S3 ignores what follows the file."""

    fields: dict[str, str]
    file: bytes


def is_form(call: Call) -> bool:
    return call.method == "POST" and call.headers.get("Content-Type", "").startswith(_MULTIPART)


def read_form(call: Call) -> UploadForm:
    """Raises AwsError for what is no form, or has not exactly one file."""
    fields: dict[str, str] = {}
    files: list[bytes] = []

    def on_field(field: Field) -> None:
        if not files:
            fields[(field.field_name or b"").decode().lower()] = (field.value or b"").decode()

    def on_file(file: File) -> None:
        file.file_object.seek(0)
        files.append(file.file_object.read())

    headers = {name.title(): value.encode() for name, value in call.headers.items()}
    try:
        parse_form(headers, io.BytesIO(call.body), on_field, on_file)
    except FormParserError as error:
        message = "The body of your POST request is not well-formed multipart/form-data."
        raise AwsError(400, "MalformedPOSTRequest", message) from error
    if len(files) != 1:
        message = "POST requires exactly one file upload per request."
        raise AwsError(400, "IncorrectNumberOfFilesInPostRequest", message)
    return UploadForm(fields, files[0])
