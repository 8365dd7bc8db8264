# PyPI sseclient-py: it parses, and leaves coming back to its user.
import json, sys, time
import requests, sseclient

url, since = sys.argv[1], ""
while True:
    try:
        with requests.get(url, headers={"Last-Event-ID": since}, stream=True, timeout=40) as answer:
            answer.raise_for_status()
            for event in sseclient.SSEClient(answer).events():
                frame = json.loads(event.data)
                if event.event == "message":
                    print("order", frame["data"]["open"])
                elif event.event in ("heartbeat", "gap"):
                    print(event.event)
                since = event.id or since
    except requests.RequestException:
        pass
    time.sleep(0.3)
