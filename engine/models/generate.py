#!/usr/bin/env python3
"""Writes data/services.gz and data/services.index from the service models that botocore
brings (Debian's python3-botocore, or any other). service_model.cpp describes the form.

    engine/models/generate.py

Only facts are taken: names, types, locations, bounds, error codes; no documentation.
"""

import glob
import gzip
import json
import os
import re

import botocore

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(os.path.dirname(botocore.__file__), "data")

# The folders of botocore. What people call of state machines, and the optimised integrations.
SERVICES = """
account acm amplify apigateway apigatewayv2 appconfig appconfigdata appflow application-autoscaling
apprunner appsync athena autoscaling backup batch bedrock bedrock-agent bedrock-agent-runtime
bedrock-agentcore bedrock-runtime budgets ce cloudcontrol cloudformation cloudfront cloudtrail
cloudwatch codeartifact codebuild codecommit codedeploy codepipeline cognito-identity cognito-idp
comprehend config connect databrew datasync dms dynamodb dynamodbstreams ebs ec2 ecr ecs efs eks
elasticache elasticbeanstalk elb elbv2 emr emr-containers emr-serverless es events firehose fis
forecast frauddetector fsx glacier glue guardduty health iam imagebuilder inspector2 iot iot-data
ivs kafka kendra kinesis kms lakeformation lambda lexv2-models lexv2-runtime lightsail location
logs macie2 mediaconvert medialive mq mwaa neptune opensearch organizations personalize pinpoint
pipes polly quicksight ram rds rds-data redshift redshift-data redshift-serverless rekognition
resource-groups resourcegroupstaggingapi route53 route53resolver s3 s3control sagemaker
sagemaker-featurestore-runtime sagemaker-runtime scheduler secretsmanager securityhub
service-quotas servicecatalog servicediscovery ses sesv2 shield sns sqs ssm ssm-incidents
sso-admin stepfunctions storagegateway sts support synthetics textract timestream-query
timestream-write transcribe transfer translate verifiedpermissions wafv2 workspaces xray
""".split()

SCALARS = {
    "string": "s", "character": "s", "boolean": "b", "integer": "i", "long": "i", "short": "i",
    "byte": "i", "bigInteger": "i", "float": "d", "double": "d", "bigDecimal": "d",
}
TIME_FORMATS = {"iso8601": "i", "unixTimestamp": "u", "rfc822": "r"}


def words_of(name):
    """As the code generator of the SDK for Java, version 2, divides a name into words."""
    name = re.sub(r"[^A-Za-z0-9]+", " ", name)
    name = re.sub(r"([^a-z]{2,})v([0-9]+)", r"\1 v\2 ", name)
    name = re.sub(r"([^A-Z]{2,})V([0-9]+)", r"\1 V\2 ", name)
    name = " ".join(re.split(r"(?<=[a-z])(?=[A-Z](?:[a-zA-Z]|[0-9]))", name))
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", name)
    name = re.sub(r"([0-9])([a-zA-Z])", r"\1 \2", name)
    return name.split()


def pascal_case(name):
    return "".join(word[0].upper() + word[1:].lower() for word in words_of(name))


def exception_name(shape_name):
    for ending in ("Fault", "Exception"):
        if shape_name.endswith(ending):
            return pascal_case(shape_name[: -len(ending)]) + "Exception"
    return pascal_case(shape_name) + "Exception"


def camel_case(name):
    """An action as a Resource names it: the method of the SDK for Java."""
    end = 1
    while end < len(name) and name[end].isupper():
        if end + 1 < len(name) and name[end + 1].islower():
            break
        end += 1
    return name[:end].lower() + name[end:]


class Table:
    def __init__(self, model):
        self.shapes = model["shapes"]
        self.numbers = {}  # by the shape's name
        self.known = {}  # by the line of a scalar
        self.lines = []

    def number(self, name):
        if name in self.numbers:
            return self.numbers[name]
        shape = self.shapes[name]
        if shape["type"] in ("structure", "list", "map"):
            number = self.numbers[name] = len(self.lines)
            self.lines.append(None)
            self.lines[number] = self.line(shape)
            return number
        line = self.line(shape)
        if line not in self.known:
            self.known[line] = len(self.lines)
            self.lines.append(line)
        self.numbers[name] = self.known[line]
        return self.known[line]

    def line(self, shape):
        kind = shape["type"]
        if shape.get("document"):
            return "j"
        if kind == "structure":
            return self.structure(shape)
        if kind == "list":
            return "\t".join(["[" + self.item(shape["member"]), "f" * bool(shape.get("flattened"))])
        if kind == "map":
            key, value = shape["key"], shape["value"]
            parts = ["<" + self.item(key), self.item(value), "f" * bool(shape.get("flattened"))]
            return "\t".join(parts)
        if kind == "timestamp":
            return "t" + TIME_FORMATS.get(shape.get("timestampFormat"), "")
        if kind == "blob":
            return "\t".join(["X" if shape.get("streaming") else "x", *self.bounds(shape)])
        return "\t".join([SCALARS[kind], *self.bounds(shape)]).rstrip("\t")

    @staticmethod
    def bounds(shape):
        bounds = [shape.get("min", ""), shape.get("max", "")]
        values = sorted(set(shape.get("enum", [])))
        return [str(bound) for bound in bounds] + values

    def item(self, reference):
        return f'{self.number(reference["shape"])} {reference.get("locationName", "")}'.rstrip()

    def structure(self, shape):
        required = shape.get("required", [])
        members = [self.member(name, member, name in required, name == shape.get("payload"))
                   for name, member in shape["members"].items()]
        return "\t".join(["{" + "u" * bool(shape.get("union")), *members])

    def member(self, name, member, is_required, is_payload):
        target = self.shapes[member["shape"]]
        parts = [name, str(self.number(member["shape"]))]
        flags = "!" * is_required + "*" * is_payload + "a" * bool(member.get("xmlAttribute"))
        flags += "%" * bool(member.get("idempotencyToken"))
        flags += "f" * bool(member.get("flattened") and not target.get("flattened"))
        flags += TIME_FORMATS.get(member.get("timestampFormat"), "")
        if flags:
            parts.append("=" + flags)
        location = member.get("location")
        places = {"header": "h", "uri": "u", "querystring": "q", "headers": "p",
                  "statusCode": "c"}
        if location:
            parts.append(places[location] + member.get("locationName", name))
        elif member.get("locationName"):
            parts.append("n" + member["locationName"])
        if member.get("queryName"):
            parts.append("Q" + member["queryName"])
        return " ".join(parts)


def streams_events(shapes, name, seen):
    if name is None or name in seen:
        return False
    seen.add(name)
    shape = shapes[name]
    if shape.get("eventstream"):
        return True
    if shape["type"] != "structure":
        return False
    return any(streams_events(shapes, it["shape"], seen) for it in shape["members"].values())


def operation_line(table, name, operation):
    output = operation.get("output", {})
    given = operation.get("input", {})
    http = operation["http"]
    numbers = [str(table.number(it["shape"])) if it else "" for it in (given, output)]
    space = given.get("xmlNamespace", {})
    more = [output.get("resultWrapper", ""), given.get("locationName", ""),
            space.get("uri", "") if isinstance(space, dict) else space]
    fields = [camel_case(name), name, http["method"], http["requestUri"], *numbers, *more]
    return "\t".join(fields).rstrip("\t")


def error_lines(shapes):
    lines = set()
    for name, shape in shapes.items():
        if not shape.get("exception"):
            continue
        code = shape.get("error", {}).get("code", name)
        shown, older = exception_name(name), re.sub("(Exception)?$", "Exception", name, count=1)
        line = shown + ("" if older == shown else "\t" + older)
        lines.add(f"{code}\t{line}")
        # JSON protocols send the shape's own name, whatever its code is.
        if code != name and all(name != it.get("error", {}).get("code") for it in shapes.values()):
            lines.add(f"{name}\t{line}")
    return sorted(lines)


def service_text(model):
    metadata, shapes = model["metadata"], model["shapes"]
    table = Table(model)
    operations = []
    for name, operation in model["operations"].items():
        ends = [operation.get(it, {}).get("shape") for it in ("input", "output")]
        if not any(streams_events(shapes, it, set()) for it in ends):
            operations.append(operation_line(table, name, operation))
    operations.sort()
    errors = error_lines(shapes)
    protocol = metadata["protocol"]
    if protocol not in ("json", "rest-json", "query", "ec2", "rest-xml"):
        protocol = next(it for it in metadata["protocols"] if it in ("json", "rest-json", "query"))
    prefix = metadata["endpointPrefix"]
    spaces = re.findall(r'"xmlNamespace": \{"uri": "([^"]*)"\}', json.dumps(model))
    head = [metadata["serviceId"], pascal_case(metadata["shown"]), protocol,
            metadata.get("jsonVersion", ""), metadata.get("targetPrefix", ""),
            metadata.get("signingName", prefix), metadata["apiVersion"],
            metadata.get("xmlNamespace", (spaces or [""])[0]),
            str(len(operations)), str(len(errors))]
    actions = [it.split("\t", 1)[0] for it in operations]
    return "\n".join(["\t".join(head), *operations, *errors, *table.lines]), actions


def load(folder):
    paths = sorted(glob.glob(os.path.join(DATA, folder, "*", "service-2.json*")))
    opened = gzip.open if paths[-1].endswith(".gz") else open
    with opened(paths[-1]) as file:
        return json.load(file)


def service_name(service_id):
    """The package of the SDK for Java, by which Step Functions knows a service."""
    service_id = re.sub(r" ?Service$", "", service_id)
    return re.sub(r"[^a-z0-9]", "", service_id.lower())


def main():
    packed, index, plain = {}, [], 0
    for folder in SERVICES:
        model = load(folder)
        model["metadata"]["shown"] = re.sub(r" ?Service$", "", model["metadata"]["serviceId"])
        text, actions = service_text(model)
        plain += len(text)
        packed[service_name(model["metadata"]["serviceId"])] = (
            gzip.compress(text.encode(), 9, mtime=0), actions)
    offset = 0
    os.makedirs(os.path.join(HERE, "data"), exist_ok=True)
    with open(os.path.join(HERE, "data", "services.gz"), "wb") as file:
        for name, (part, actions) in sorted(packed.items()):
            file.write(part)
            index.append(" ".join([name, str(offset), str(len(part)), *actions]))
            offset += len(part)
    for folder in sorted(os.listdir(DATA)):
        # Of all others the name alone, so that a definition may name them.
        is_service = glob.glob(os.path.join(DATA, folder, "*", "service-2.json*"))
        if is_service and folder not in SERVICES:
            name = service_name(load(folder)["metadata"]["serviceId"])
            if name not in packed:
                index.append(f"{name} 0 0")
    index.sort()
    with open(os.path.join(HERE, "data", "services.index"), "w") as file:
        file.write("\n".join(index) + "\n")
    print(f"{len(packed)} services, {sum(len(it[1]) for it in packed.values())} actions,"
          f" {plain} bytes, {offset} packed")


if __name__ == "__main__":
    main()
