// Tables that can be sorted by a click on a heading and filtered by words; without this script they are plain tables.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const say = table.closest("section").querySelector("output");
  for (const heading of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const up = heading.getAttribute("aria-sort") !== "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", up ? "ascending" : "descending");
      const key = (row) => row.cells[heading.cellIndex].dataset.sort;
      const isNumber = heading.classList.contains("n");
      const compare = (a, b) => (isNumber ? (key(a) || -Infinity) - (key(b) || -Infinity) : key(a).localeCompare(key(b)));
      rows.sort((a, b) => (up ? compare(a, b) : compare(b, a)));
      body.append(...rows);
    });
  }
  const filter = table.closest("section").querySelector("input");
  if (!filter) continue;
  filter.closest("label").hidden = false;
  filter.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/\s+/);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) shown += 1;
    }
    say.value = filter.value ? `${shown} of ${rows.length}` : "";
  });
}
