"""Imports a ZIP into Superset by its own API and asks every chart and dataset for its rows.

Superset's own Python runs this file, with `superset db upgrade`, `fab create-admin` and `init` done before:
`python superset_probe.py FILE.zip USER PASSWORD assets|dashboard`. It prints one JSON object.
"""

import io
import json
import sys
from pathlib import Path


def probe(archive: Path, user: str, password: str, kind: str) -> dict:
    """What the import answered, and by name how many rows each dataset and each chart has."""
    from superset.app import create_app

    client = create_app().test_client()
    login = client.post(
        "/api/v1/security/login",
        json={"username": user, "password": password, "provider": "db", "refresh": True},
    )
    headers = {"Authorization": f"Bearer {login.get_json()['access_token']}"}
    field = "bundle" if kind == "assets" else "formData"
    form = {field: (io.BytesIO(archive.read_bytes()), archive.name)}
    if kind != "assets":
        form["overwrite"] = "true"
    imported = client.post(
        f"/api/v1/{kind}/import/", data=form, headers=headers, content_type="multipart/form-data"
    )
    found: dict = {"status": imported.status_code, "answer": imported.get_json()}
    if imported.status_code != 200:
        return found

    def listed(resource: str) -> list[dict]:
        answer = client.get(f"/api/v1/{resource}/?q=(page_size:100)", headers=headers)
        return answer.get_json()["result"]

    def rows(dataset_id: int, query: dict) -> dict:
        asked = {
            "datasource": {"id": dataset_id, "type": "table"},
            "queries": [{"row_limit": 1000, **query}],
            "result_format": "json",
            "result_type": "full",
        }
        answer = client.post("/api/v1/chart/data", json=asked, headers=headers)
        body = answer.get_json()
        if answer.status_code != 200:
            return {"error": body}
        return {"rows": body["result"][0]["data"]}

    found["datasets"] = {}
    for dataset in listed("dataset"):
        detail = client.get(f"/api/v1/dataset/{dataset['id']}", headers=headers).get_json()
        columns = [column["column_name"] for column in detail["result"]["columns"]]
        found["datasets"][dataset["table_name"]] = rows(dataset["id"], {"columns": columns})
    found["charts"] = {}
    for chart in listed("chart"):
        detail = client.get(f"/api/v1/chart/{chart['id']}", headers=headers).get_json()["result"]
        params = json.loads(detail["params"])
        metrics = params.get("metrics") or ([params["metric"]] if "metric" in params else [])
        columns = params.get("all_columns") or [
            *([params["x_axis"]] if "x_axis" in params else []),
            *params.get("groupby", []),
        ]
        filters = [
            {"col": one["subject"], "op": one["operator"], "val": one["comparator"]}
            for one in params.get("adhoc_filters", [])
        ]
        query = {"columns": columns, "filters": filters}
        dataset_id = int(params["datasource"].split("__")[0])
        found["charts"][detail["slice_name"]] = rows(
            dataset_id, {**query, "metrics": metrics} if metrics else query
        )
    found["dashboards"] = {}
    for dashboard in listed("dashboard"):
        charts = client.get(f"/api/v1/dashboard/{dashboard['id']}/charts", headers=headers)
        found["dashboards"][dashboard["dashboard_title"]] = len(charts.get_json()["result"])
    return found


if __name__ == "__main__":
    answer = probe(Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4])
    print("\n" + json.dumps(answer, ensure_ascii=False, default=str))
