"""How long a page of one megabyte takes to read, against only decoding and stripping it: ratio, seconds, peak MB."""

import json
import sys
import time
import tracemalloc

from bongsu.items.catalogue import catalogue
from bongsu.texts.notice import read_notice
from bongsu.texts.plain import plain

ROW = (
    "<tr><td>{n}</td><td>3102{n:06d}</td><td>尿素及相关物项, urea and ammonium nitrate</td>"
    "<td>2021年10月15日起出口检验 export inspection 税号 3102.10</td></tr>"
)
FILLER = "<p>有关部门应当加强管理，企业应当按照规定办理手续。The measure applies to the goods listed in the annex.</p>"


def page(size: int) -> bytes:
    """A notice of at least `size` bytes: prose and a table with codes."""
    head = "<html><head><meta charset='utf-8'><title>海关总署公告2021年第81号</title></head><body>"
    unit = (
        FILLER * 3
        + "<table><tr><td>序号</td><td>商品编号</td><td>名称</td><td>备注</td></tr>"
        + ROW.format(n=1)
        + "</table>"
    )
    return (head + unit * (size // len(unit.encode()) + 1) + "</body></html>").encode()


def main() -> None:
    """Print the figures; `--json` for machines."""
    data, known = page(1_000_000), catalogue()
    read_notice(page(10_000), name="warm", catalogue=known)
    start = time.perf_counter()
    plain(data, name="page")
    stripped = time.perf_counter() - start
    start = time.perf_counter()
    read_notice(data, name="page", catalogue=known)
    seconds = time.perf_counter() - start
    tracemalloc.start()
    read_notice(data, name="page", catalogue=known)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    figures = {"ratio": round(seconds / stripped, 2), "seconds": round(seconds, 3), "peak_mb": round(peak, 1)}
    print(json.dumps(figures) if "--json" in sys.argv else figures)


if __name__ == "__main__":
    main()
