def handler(order, context):
    print("receipt", context.aws_request_id)
    line = f"{order['count']} x {order['drink']}: {order['total']:.2f} {order['currency']}"
    return {"receipt": line, "function": context.function_name}
