"""Azure's entry point: the trigger table of functions/ decorated onto a FunctionApp."""

import json
import os

from gradesys.starting import starting

with starting():
    import azure.functions as func

    from functions import TRIGGERS, Http, Queue, Timer
    from functions.trigger import Incoming
    from gradesys.app import App
    from gradesys.settings import read_settings

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
service = App(read_settings(os.environ))


def _add_http(trigger: Http) -> None:
    def handle(req: func.HttpRequest) -> func.HttpResponse:
        reply = trigger.handler(service, Incoming(req.headers, req.get_body()))
        text = json.dumps(reply.body)
        return func.HttpResponse(
            text,
            status_code=reply.status,
            headers=dict(reply.headers),
            mimetype="application/json",
        )

    route = app.route(route=trigger.route, methods=[trigger.method])
    app.function_name(trigger.name)(route(handle))


def _add_queue(trigger: Queue) -> None:
    def handle(msg: func.QueueMessage) -> None:
        trigger.handler(service, msg.get_body().decode(errors="replace"))

    bound = app.queue_trigger(
        arg_name="msg", queue_name=trigger.queue, connection="AzureWebJobsStorage"
    )
    app.function_name(trigger.name)(bound(handle))


def _add_timer(trigger: Timer) -> None:
    def handle(timer: func.TimerRequest) -> None:
        trigger.handler(service)

    schedule = f"0 */{trigger.minutes} * * * *"
    bound = app.timer_trigger(arg_name="timer", schedule=schedule, run_on_startup=False)
    app.function_name(trigger.name)(bound(handle))


for _trigger in TRIGGERS:
    if isinstance(_trigger, Http):
        _add_http(_trigger)
    elif isinstance(_trigger, Queue):
        _add_queue(_trigger)
    else:
        _add_timer(_trigger)
