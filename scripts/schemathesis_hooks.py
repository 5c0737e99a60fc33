"""What schemathesis does not know by itself: how records become lines of NDJSON."""

import json

import schemathesis


def _is_json(value):
    return value is None or isinstance(value, (dict, list, str, int, float, bool))


@schemathesis.serializer("application/x-ndjson")
def serialize_lines(_context, value):
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    records = value if isinstance(value, list) else [value]
    return "\n".join(json.dumps(record) for record in records if _is_json(record)).encode()
