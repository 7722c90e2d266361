"""Tables as files."""

from django.http import Http404, HttpResponse

from education.uploads import files

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table(kind: str, rows, name: str) -> HttpResponse:
    if kind == "csv":
        return download(files.csv_file(rows), f"{name}.csv", "text/csv")
    if kind == "xlsx":
        return download(files.xlsx_file(rows), f"{name}.xlsx", XLSX)
    raise Http404


def download(content: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
