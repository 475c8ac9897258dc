// A slider a story: what was known later than the step is hidden, and the step is told in words.
"use strict";
for (const story of document.querySelectorAll(".story")) {
  const slider = story.querySelector("input");
  const steps = [...story.querySelectorAll(".steps > li")];
  const dated = [...story.querySelectorAll("[data-known]")];
  const charts = [...story.querySelectorAll("figure > svg")];
  if (!steps.length) continue;

  const show = (wanted) => {
    const step = Math.min(Math.max(wanted, 0), steps.length - 1);
    const now = Number(steps[step].dataset.asOf);
    slider.value = String(step);
    slider.setAttribute("aria-valuetext", steps[step].querySelector("h4").textContent);
    steps.forEach((one, n) => { one.hidden = n !== step; });
    for (const one of dated) one.classList.toggle("later", Number(one.dataset.known) > now);
    for (const chart of charts) {
      const { first, last, left, right } = chart.dataset;
      const part = Math.min((now - Number(first)) / (Number(last) - Number(first)), 1);
      const x = Number(left) + part * (Number(right) - Number(left));
      const line = chart.querySelector(".now");
      line.setAttribute("x1", String(x));
      line.setAttribute("x2", String(x));
      for (const tied of chart.querySelectorAll(".tied")) {
        tied.setAttribute("x2", String(Math.max(x, Number(tied.getAttribute("x1")) + 8)));
      }
    }
  };

  story.classList.add("moving");
  story.querySelector(".controls").hidden = false;
  slider.addEventListener("input", () => show(Number(slider.value)));
  for (const button of story.querySelectorAll("button")) {
    const { to, by } = button.dataset;
    button.addEventListener("click", () => show(to === undefined ? Number(slider.value) + Number(by) : Number(to)));
  }
  show(Number(slider.value));
}
