(function () {
  "use strict";
  var items = Array.prototype.slice.call(document.querySelectorAll(".nodes > li"));
  var filter = document.getElementById("filter");
  var count = document.getElementById("count");
  var onlyChosen = false;

  function node(item) { return item.querySelector("details.node"); }

  function shown() { return items.filter(function (item) { return !item.hidden; }); }

  function all(open) {
    shown().forEach(function (item) { node(item).open = open; });
  }

  function apply() {
    var words = filter.value.toLowerCase();
    items.forEach(function (item) {
      var fits = words === "" || item.textContent.toLowerCase().indexOf(words) >= 0;
      item.hidden = !fits || (onlyChosen && !item.classList.contains("chosen"));
    });
    count.textContent = shown().length + " of " + items.length;
  }

  function focus(item) {
    var summary = node(item).querySelector("summary");
    summary.focus();
    if (summary.scrollIntoView) { summary.scrollIntoView({ block: "nearest" }); }
  }

  function move(by) {
    var list = shown();
    if (list.length === 0) { return; }
    var at = list.findIndex(function (item) { return item.contains(document.activeElement); });
    focus(list[at < 0 ? 0 : Math.min(list.length - 1, Math.max(0, at + by))]);
  }

  function open() {
    var item = items.find(function (candidate) { return "#" + candidate.id === location.hash; });
    if (!item) { return; }
    if (item.hidden) {
      filter.value = "";
      pressChosen(false);
    }
    node(item).open = true;
    focus(item);
  }

  function theme() {
    var root = document.documentElement;
    var system = window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches;
    var before = root.getAttribute("data-theme") || (system ? "dark" : "light");
    root.setAttribute("data-theme", before === "dark" ? "light" : "dark");
  }

  function pressChosen(pressed) {
    onlyChosen = pressed;
    document.getElementById("chosen").setAttribute("aria-pressed", String(pressed));
    apply();
  }

  function on(id, action) { document.getElementById(id).addEventListener("click", action); }

  on("open-all", function () { all(true); });
  on("close-all", function () { all(false); });
  on("chosen", function () { pressChosen(!onlyChosen); });
  on("theme", theme);
  filter.addEventListener("input", apply);
  window.addEventListener("hashchange", open);
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.target === filter) {
      if (event.key === "Escape") {
        filter.value = "";
        apply();
        filter.blur();
      }
      return;
    }
    var actions = {
      j: function () { move(1); },
      k: function () { move(-1); },
      e: function () { all(true); },
      c: function () { all(false); },
      p: function () { pressChosen(!onlyChosen); },
      t: theme,
      "/": function () { filter.focus(); }
    };
    if (Object.prototype.hasOwnProperty.call(actions, event.key)) {
      event.preventDefault();
      actions[event.key]();
    }
  });
  apply();
  open();
}());
