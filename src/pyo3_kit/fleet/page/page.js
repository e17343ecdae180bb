"use strict";
// Sorts and filters; without it the page shows every row in the order of the names.
(() => {
  const body = document.querySelector("tbody");
  const heads = [...document.querySelectorAll("thead th")];
  const rows = [...body.rows];

  const sort = (index, descending) => {
    const place = (row) => row.cells[index].dataset.sort;
    // What has no value comes last, either way.
    const order = (a, b) => {
      const [one, other] = [place(a), place(b)];
      if (one === "" || other === "") return (one === "") - (other === "");
      return descending ? other - one : one - other;
    };
    // Equal ones stay in the order of the names.
    body.append(...[...rows].sort(order));
  };

  heads.forEach((head, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const descending = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      sort(index, descending);
    });
  });

  const find = document.querySelector("#find");
  const only = document.querySelector("#only");
  const shown = document.querySelector("#shown");
  const filter = () => {
    const words = find.value.toLowerCase().split(/\s+/);
    let count = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      const fits = (!only.value || row.dataset.state === only.value) && words.every((word) => text.includes(word));
      row.hidden = !fits;
      count += fits;
    }
    shown.textContent = `${count} of ${rows.length}`;
  };
  find.addEventListener("input", filter);
  only.addEventListener("change", filter);
  const form = document.querySelector(".filter");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();
})();
