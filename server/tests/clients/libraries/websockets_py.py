# PyPI websockets, its client with threads.
import json, sys, time
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

url, since = sys.argv[1], ""
while True:
    try:
        with connect(f"{url}&since={since}") as socket:
            for frame in map(json.loads, socket):
                if frame["type"] == "event":
                    print("order", frame["data"]["open"])
                elif frame["type"] in ("heartbeat", "gap"):
                    print(frame["type"])
                since = frame.get("cursor", since)
    except (OSError, WebSocketException):
        pass
    time.sleep(0.3)
