# A stack as an application sees it: moto's server behind presso's one port, spoken to by boto3.
#   python3 forward_moto.py serve       prints the port of moto, and ends with its standard input
#   python3 forward_moto.py use URL     uses one service after the other; prints "used" at the end
#   python3 forward_moto.py work URL    a machine that calls queue, topic and bucket, and a worker
#                                       that answers from the queue; prints "worked" at the end
import io
import json
import os
import sys
import time
import urllib.request


def serve():
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    print(server.get_host_and_port()[1], flush=True)
    sys.stdin.read()
    server.stop()


def clients_of(url):
    import boto3
    from botocore.config import Config

    def client(name, **options):
        return boto3.client(
            name,
            endpoint_url=url,
            region_name="eu-west-1",
            aws_access_key_id="000000000000",
            aws_secret_access_key="local",
            config=Config(retries={"max_attempts": 0}, **options),
        )

    return client


def use(url):
    client = clients_of(url)
    s3 = client("s3", signature_version="s3v4")
    s3.create_bucket(
        Bucket="media", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    film = os.urandom(20 * 1024 * 1024)
    for key in ["plain", "a b/é+c"]:
        s3.put_object(Bucket="media", Key=key, Body=film)
        assert s3.get_object(Bucket="media", Key=key)["Body"].read() == film
        assert s3.head_object(Bucket="media", Key=key)["ContentLength"] == len(film)
    s3.upload_fileobj(io.BytesIO(film), "media", "parts")
    address = s3.generate_presigned_url("get_object", Params={"Bucket": "media", "Key": "parts"})
    assert urllib.request.urlopen(address).read() == film
    listed = [each["Key"] for each in s3.list_objects_v2(Bucket="media")["Contents"]]
    assert listed == ["a b/é+c", "parts", "plain"], listed
    s3.delete_object(Bucket="media", Key="parts")
    try:
        s3.get_object(Bucket="media", Key="parts")
        raise AssertionError("it is still there")
    except s3.exceptions.NoSuchKey:
        pass

    sqs = client("sqs")
    queue = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    assert queue.startswith(url), queue
    sqs.send_message(QueueUrl=queue, MessageBody="hello")
    assert sqs.receive_message(QueueUrl=queue)["Messages"][0]["Body"] == "hello"

    # One for each protocol, and presso's own in between.
    assert client("dynamodb").list_tables()["TableNames"] == []
    assert client("stepfunctions").list_state_machines()["stateMachines"] == []
    assert client("sns").create_topic(Name="news")["TopicArn"].endswith(":news")
    assert client("ec2").describe_instances()["Reservations"] == []
    assert client("lambda").list_functions()["Functions"] == []
    assert client("route53").list_hosted_zones()["HostedZones"] == []
    assert client("events").list_event_buses()["EventBuses"]
    metrics = client("cloudwatch")
    metrics.put_metric_data(Namespace="n", MetricData=[{"MetricName": "m", "Value": 1}])
    assert metrics.list_metrics()["Metrics"]
    logs = client("logs")
    logs.create_log_group(logGroupName="g")
    assert [each["logGroupName"] for each in logs.describe_log_groups()["logGroups"]] == ["g"]
    print("used")


def task(resource, parameters, **fields):
    return {"Type": "Task", "Resource": resource, "Parameters": parameters, **fields}


def work(url):
    client = clients_of(url)
    s3, sns, sqs, states = (client(name) for name in ["s3", "sns", "sqs", "stepfunctions"])
    s3.create_bucket(
        Bucket="receipts", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    jobs = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    told = sqs.create_queue(QueueName="told")["QueueUrl"]
    topic = sns.create_topic(Name="news")["TopicArn"]
    arn = sqs.get_queue_attributes(QueueUrl=told, AttributeNames=["QueueArn"])
    sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn["Attributes"]["QueueArn"],
        Attributes={"RawMessageDelivery": "true"},
    )
    body = {"token.$": "$$.Task.Token", "drink.$": "$.drink"}
    machine = {
        "StartAt": "Brew",
        "States": {
            "Brew": task(
                "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                {"QueueUrl": jobs, "MessageBody": body}, ResultPath="$.brewed", Next="Tell",
            ),
            "Tell": task(
                "arn:aws:states:::sns:publish",
                {"TopicArn": topic, "Message.$": "$.brewed"}, ResultPath=None, Next="Keep",
            ),
            "Keep": task(
                "arn:aws:states:::aws-sdk:s3:putObject",
                {"Bucket": "receipts", "Key": "r", "Body.$": "$.brewed"}, ResultPath=None,
                Next="Read",
            ),
            "Read": task(
                "arn:aws:states:::aws-sdk:s3:getObject", {"Bucket": "receipts", "Key": "r"},
                ResultSelector={"kept.$": "States.StringToJson($.Body)"}, End=True,
            ),
        },
    }
    made = states.create_state_machine(
        name="work", definition=json.dumps(machine), roleArn="arn:aws:iam::000000000000:role/r"
    )
    run = states.start_execution(
        stateMachineArn=made["stateMachineArn"], input=json.dumps({"drink": "espresso"})
    )["executionArn"]
    message = receive(sqs, jobs)
    assert message["drink"] == "espresso", message
    cup = {"cup": message["drink"]}
    states.send_task_success(taskToken=message["token"], output=json.dumps(cup))
    assert receive(sqs, told) == cup
    while (seen := states.describe_execution(executionArn=run))["status"] == "RUNNING":
        time.sleep(0.01)
    assert seen["status"] == "SUCCEEDED", seen
    assert json.loads(seen["output"]) == {"kept": cup}, seen["output"]
    print("worked")


# The next message of a queue, as JSON.
def receive(sqs, queue):
    for _ in range(30):
        got = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages", [])
        if got:
            return json.loads(got[0]["Body"])
    raise AssertionError("nothing came to " + queue)


if sys.argv[1] == "serve":
    serve()
elif sys.argv[1] == "work":
    work(sys.argv[2])
else:
    use(sys.argv[2])
