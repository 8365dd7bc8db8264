# PyPI httpx-sse: httpx gives a read five seconds unless it is told more.
import json, sys, time
import httpx
from httpx_sse import connect_sse

url, since = sys.argv[1], ""
with httpx.Client(timeout=httpx.Timeout(5, read=40)) as client:
    while True:
        try:
            with connect_sse(client, "GET", url, headers={"Last-Event-ID": since}) as source:
                for event in source.iter_sse():
                    frame = json.loads(event.data)
                    if event.event == "message":
                        print("order", frame["data"]["open"])
                    elif event.event in ("heartbeat", "gap"):
                        print(event.event)
                    since = event.id or since
        except httpx.TransportError:
            pass
        time.sleep(0.3)
