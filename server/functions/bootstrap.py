# presso's runtime for Python: asks the Runtime API for invocations and calls the handler as AWS's
# own does. Read by python from its standard input.
import decimal
import http.client
import importlib
import json
import logging
import os
import sys
import time
import traceback

ROOT = os.environ["LAMBDA_TASK_ROOT"]
API = "/2018-06-01/runtime/"


class RuntimeApi:
    def __init__(self, address):
        self.connection = http.client.HTTPConnection(address)

    # Without the Runtime API there is nobody to work for.
    def ask(self, method, name, body=None, headers={}):
        try:
            self.connection.request(method, API + name, body, headers)
            response = self.connection.getresponse()
            return response.headers, response.read()
        except (OSError, http.client.HTTPException):
            os._exit(1)

    def fault(self, name, fault):
        headers = {"Lambda-Runtime-Function-Error-Type": fault["errorType"]}
        self.ask("POST", name, json.dumps(fault).encode(), headers)


class Parts:
    """A JSON object whose members are attributes."""

    def __init__(self, members):
        self.__dict__.update(members)


class LambdaContext:
    def __init__(self, headers):
        environ = os.environ
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = Parts({"cognito_identity_id": None, "cognito_identity_pool_id": None})
        self.client_context = client_context(headers.get("Lambda-Runtime-Client-Context"))
        self._deadline_ms = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(self._deadline_ms - int(time.time() * 1000), 0)

    def log(self, message):
        sys.stdout.write(message)


def client_context(text):
    if not text:
        return None
    members = json.loads(text)
    client = Parts(members["client"]) if members.get("client") else None
    return Parts({"custom": members.get("custom"), "env": members.get("env"), "client": client})


class RuntimeFault(Exception):
    def __init__(self, kind, message, stack=()):
        super().__init__(message)
        self.kind = "Runtime." + kind
        self.stack = list(stack)


def is_runtime(frame):
    name = frame.filename
    return name == "<stdin>" or name.startswith("<frozen importlib") or "/importlib/" in name


def fault_of(error, request_id):
    """{errorMessage, errorType, requestId, stackTrace}, without the frames of this file."""
    if isinstance(error, RuntimeFault):
        kind, stack = error.kind, error.stack
    else:
        kind = type(error).__name__
        frames = traceback.extract_tb(error.__traceback__)
        stack = traceback.format_list(frame for frame in frames if not is_runtime(frame))
    fault = {"errorMessage": str(error), "errorType": kind}
    return {**fault, "requestId": request_id, "stackTrace": stack}


def show(fault):
    text = "[ERROR] " + fault["errorType"] + ": " + fault["errorMessage"]
    if fault["stackTrace"]:
        text += "\nTraceback (most recent call last):\n" + "".join(fault["stackTrace"])
    print(text, flush=True)


def load_handler(name):
    """ "folder/app.handler" """
    parts = name.rsplit(".", 1)
    if len(parts) != 2:
        why = "not enough values to unpack (expected 2, got 1)"
        raise RuntimeFault("MalformedHandlerName", f"Bad handler '{name}': {why}")
    module_name, member = parts
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise RuntimeFault("ImportModuleError", f"Unable to import module '{module_name}': {error}")
    except SyntaxError as error:
        where = f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'
        message = f"Syntax error in module '{module_name}': {error}"
        raise RuntimeFault("UserCodeSyntaxError", message, [where])
    if not hasattr(module, member):
        message = f"Handler '{member}' missing on module '{module_name}'"
        raise RuntimeFault("HandlerNotFound", message)
    return getattr(module, member)


def number_of(value):
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def to_json(result):
    try:
        return json.dumps(result, default=number_of).encode()
    except (TypeError, ValueError) as error:
        raise RuntimeFault("MarshalError", f"Unable to marshal response: {error}")


def from_json(body):
    try:
        return json.loads(body)
    except ValueError as error:
        raise RuntimeFault("UnmarshalError", f"Unable to unmarshal input: {error}")


class LogHandler(logging.Handler):
    def emit(self, record):
        sys.stdout.write(self.format(record) + "\n")


class RequestIdFilter(logging.Filter):
    request_id = ""

    def filter(self, record):
        record.aws_request_id = self.request_id
        return True


def set_up_logging():
    handler = LogHandler()
    form = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s"
    formatter = logging.Formatter(form, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    request_id = RequestIdFilter()
    handler.addFilter(request_id)
    logging.getLogger().addHandler(handler)
    return request_id


def serve(api, handler, request_id):
    while True:
        headers, body = api.ask("GET", "invocation/next")
        current = headers["Lambda-Runtime-Aws-Request-Id"]
        request_id.request_id = current
        os.environ["_X_AMZN_TRACE_ID"] = headers.get("Lambda-Runtime-Trace-Id", "")
        try:
            answer = to_json(handler(from_json(body), LambdaContext(headers)))
        except Exception as error:
            fault = fault_of(error, current)
            show(fault)
            api.fault(f"invocation/{current}/error", fault)
            continue
        sys.stdout.flush()
        sys.stderr.flush()
        api.ask("POST", f"invocation/{current}/response", answer)


def main():
    sys.stdout.reconfigure(line_buffering=True)
    sys.path[0:1] = [ROOT]
    sys.argv = [os.environ["_HANDLER"]]
    # What the folder holds stays as it is: a change of it means a new process.
    sys.dont_write_bytecode = True
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    request_id = set_up_logging()
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except Exception as error:
        fault = fault_of(error, "")
        show(fault)
        api.fault("init/error", fault)
        sys.exit(1)
    serve(api, handler, request_id)


main()
