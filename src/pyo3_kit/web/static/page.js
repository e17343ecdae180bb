"use strict";
// Sends each changed answer to the server and puts the parts of its page that differ into this one. Without it, the form
// does the same by whole pages. The address holds the answers; secrets stay in the fields.
(() => {
  const form = document.querySelector("#questions");
  const state = { link: form.dataset.link, before: null, file: "", find: "", pasted: "", tab: "files", edited: "" };
  const sent = new Map();
  let running = null;
  let timer = 0;
  let number = 0;

  const remember = (root) => root.querySelectorAll(".question").forEach((one) => sent.set(one.id, one.outerHTML));

  const secrets = () =>
    form.dataset.secrets.split(" ").filter((name) => name).flatMap((name) => {
      const field = form.elements.namedItem(name);
      return field && field.value ? [[name, field.value]] : [];
    });

  const valuesOf = (name) => new FormData(form).getAll(name).map(String);

  // The server's page for what `change` says, as a document.
  const ask = async (change) => {
    running?.abort();
    running = new AbortController();
    const body = new URLSearchParams(change.link ?? state.link);
    secrets().forEach(([name, value]) => body.set(name, value));
    if (change.name) {
      body.delete(change.name);
      change.values.forEach((value) => body.append(change.name, value));
      body.set("_changed", change.name);
    }
    const before = change.name ? state.link : state.before;
    if (before !== null && !change.fresh) body.set("_before", before);
    if (state.file) body.set("_file", state.file);
    if (state.find) body.set("_find", state.find);
    if (state.pasted && !change.name) body.set("_answers_file", state.pasted);
    const mine = ++number;
    document.querySelector("#project").setAttribute("aria-busy", "true");
    try {
      const response = await fetch("./", { method: "POST", body, signal: running.signal });
      const text = await response.text();
      if (mine !== number) return null;
      if (!(response.headers.get("content-type") ?? "").startsWith("text/html")) {
        say(`The server answers: ${JSON.parse(text).detail ?? response.status}`);
        return null;
      }
      return new DOMParser().parseFromString(text, "text/html");
    } catch (error) {
      if (error.name !== "AbortError") say("The server cannot be reached. Your answers are still here: try again.");
      return null;
    } finally {
      if (mine === number) document.querySelector("#project").removeAttribute("aria-busy");
    }
  };

  const say = (text) => {
    const line = Object.assign(document.createElement("p"), { className: "alert", textContent: text });
    document.querySelector("#notes").replaceChildren(line);
  };

  const refresh = async (change = {}) => {
    const page = await ask(change);
    if (!page) return;
    const fresh = page.querySelector("#questions");
    const valid = page.querySelector("#project").dataset.beforeOk === "yes";
    const old = state.link;
    if (change.name && change.name !== state.editing) state.editing = "";
    state.link = fresh.dataset.link;
    form.dataset.link = fresh.dataset.link;
    form.dataset.secrets = fresh.dataset.secrets;
    if (change.name) {
      state.pasted = "";
      // An answer that cannot be used gives no project to compare the next one with.
      if (state.valid) state.before = old;
    }
    state.valid = valid;
    merge(form, fresh);
    showProject(page);
    document.title = page.title;
    if (change.history !== false && state.link !== old) {
      const typing = change.typed && state.editing === change.name;
      history[typing ? "replaceState" : "pushState"](null, "", `./${state.link ? `?${state.link}` : ""}`);
      state.editing = change.typed ? change.name : "";
    }
  };

  // Children with an id are matched by it; a question that looks the same to the server is left alone.
  const merge = (old, fresh) => {
    const known = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]));
    const wanted = [...fresh.children];
    // An overlay's questions are unknown, and stay, until the base template's answers can be used.
    const stays = (child) => !child.id || (child.dataset.overlay && !state.valid) || wanted.some((one) => one.id === child.id);
    [...old.children].filter((child) => !stays(child)).forEach((child) => child.remove());
    let last = null;
    for (const child of wanted) {
      let here = child.id ? known.get(child.id) : null;
      if (!child.id) {
        last = [...old.children].find((one) => !one.id && one.outerHTML === child.outerHTML) ?? last;
        continue;
      }
      if (!here) {
        remember({ querySelectorAll: (selector) => [...(child.matches(selector) ? [child] : []), ...child.querySelectorAll(selector)] });
        here = document.adoptNode(child);
      } else if (child.matches(".question")) {
        here = replaceQuestion(here, child);
      } else if (child.matches(".page")) {
        const [title, other] = [here.querySelector(".count"), child.querySelector(".count")];
        if (title && other) title.textContent = other.textContent;
        if (child.open) here.open = true;
        merge(here, child);
      } else if (child.matches("input")) {
        here.value = child.value;
      } else if (child.matches(".presets")) {
        child.querySelectorAll("input").forEach((field) => (document.getElementById(field.id).checked = field.checked));
      } else if (!child.matches(".actions")) {
        here.replaceWith(document.adoptNode(child));
        here = child;
      }
      if (last ? last.nextElementSibling !== here : old.firstElementChild !== here) {
        last ? last.after(here) : old.prepend(here);
      }
      last = here;
    }
  };

  const replaceQuestion = (here, child) => {
    if (sent.get(child.id) === child.outerHTML) return here;
    sent.set(child.id, child.outerHTML);
    const active = here.contains(document.activeElement) ? document.activeElement : null;
    if (active?.matches("input[type=text], input[type=password], textarea")) {
      // Typing continues in the field; what is around it changes.
      const field = child.querySelector(`#${CSS.escape(active.id)}`);
      for (const name of ["aria-invalid", "aria-describedby", "placeholder"]) {
        const value = field?.getAttribute(name) ?? null;
        value === null ? active.removeAttribute(name) : active.setAttribute(name, value);
      }
      here.querySelectorAll(".error, .needed").forEach((one) => one.remove());
      child.querySelectorAll(".error, .needed").forEach((one) => here.append(document.adoptNode(one)));
      return here;
    }
    here.replaceWith(document.adoptNode(child));
    if (active) document.getElementById(active.id)?.focus();
    return child;
  };

  const showProject = (page) => {
    const old = document.querySelector("#project");
    const fresh = document.adoptNode(page.querySelector("#project"));
    const active = old.contains(document.activeElement) ? document.activeElement : null;
    const range = active?.id === "find" ? [active.value, active.selectionStart, active.selectionEnd] : null;
    const scrolled = old.querySelector(".tree")?.scrollTop ?? 0;
    const closed = [...old.querySelectorAll(".tree details:not([open]) > summary .entry")].map((one) => one.textContent);
    // Announced texts have to change in the element that is there.
    old.querySelector("#notes").replaceChildren(...fresh.querySelector("#notes").childNodes);
    if (fresh.dataset.beforeOk === "no" && old.querySelector(".tabs")) {
      // The last project stays in view while an answer cannot be used.
      old.classList.add("stale");
      return;
    }
    fresh.querySelector("#notes").replaceWith(old.querySelector("#notes"));
    old.replaceWith(fresh);
    fresh.querySelectorAll(".tree details > summary .entry").forEach((one) => {
      if (closed.includes(one.textContent)) one.closest("details").open = false;
    });
    setUpProject(fresh);
    if (fresh.querySelector(".tree")) fresh.querySelector(".tree").scrollTop = scrolled;
    if (active?.id) document.getElementById(active.id)?.focus({ preventScroll: true });
    if (range) {
      const find = document.querySelector("#find");
      find.value = range[0];
      find.setSelectionRange(range[1], range[2]);
    }
  };

  const setUpProject = (project) => {
    const tabs = [...project.querySelectorAll(".tabs a")];
    project.querySelectorAll("button.copy").forEach((button) => (button.hidden = false));
    if (!tabs.length) return;
    project.querySelector(".tabs").setAttribute("role", "tablist");
    const panelOf = (tab) => project.querySelector(tab.getAttribute("href"));
    const select = (tab, focus) => {
      state.tab = tab.getAttribute("href").slice(1);
      tabs.forEach((one) => {
        one.setAttribute("aria-selected", String(one === tab));
        one.tabIndex = one === tab ? 0 : -1;
        panelOf(one).hidden = one !== tab;
      });
      if (focus) tab.focus();
    };
    tabs.forEach((tab, at) => {
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", tab.getAttribute("href").slice(1));
      panelOf(tab).setAttribute("role", "tabpanel");
      tab.addEventListener("click", (event) => {
        event.preventDefault();
        select(tab, true);
      });
      tab.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (step) select(tabs[(at + step + tabs.length) % tabs.length], true);
        if (event.key === " ") {
          event.preventDefault();
          select(tab, true);
        }
      });
    });
    select(tabs.find((tab) => tab.getAttribute("href") === `#${state.tab}`) ?? tabs[0], false);
  };

  const answer = (field, typed) => {
    clearTimeout(timer);
    const name = field.name;
    const take = () => refresh({ name, values: valuesOf(name), typed });
    if (typed) timer = setTimeout(take, 250);
    else take();
  };

  const isTyped = (field) => field.matches("input[type=text], input[type=password], textarea");

  form.addEventListener("input", (event) => isTyped(event.target) && answer(event.target, true));
  form.addEventListener("change", (event) => {
    if (!isTyped(event.target)) answer(event.target, false);
    else state.editing = "";
  });
  // Return in a field shows the project; it does not download.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
  });

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-file]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      state.file = link.dataset.file;
      await refresh({ history: false });
      if (matchMedia("(max-width: 40rem)").matches) document.querySelector("#file")?.scrollIntoView();
    }
    const button = event.target.closest("button.copy");
    if (button) {
      const text = "copyLink" in button.dataset ? location.href : document.getElementById(button.dataset.copy).textContent;
      const label = button.firstChild;
      const [before, after] = [label.textContent, await copied(text)];
      label.textContent = after;
      setTimeout(() => (label.textContent = before), 1500);
    }
  });

  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return "Copied";
    } catch {
      return "Not allowed";
    }
  };

  document.addEventListener("input", (event) => {
    if (event.target.id !== "find") return;
    clearTimeout(timer);
    state.find = event.target.value;
    timer = setTimeout(() => refresh({ history: false }), 200);
  });
  document.addEventListener("submit", async (event) => {
    if (event.target.id === "find-form") event.preventDefault();
    if (event.target.id !== "open") return;
    event.preventDefault();
    state.pasted = document.querySelector("#answers-file").value;
    state.tab = "changes";
    await refresh({ link: "", fresh: true });
    if (document.querySelector("#error")) state.pasted = "";
  });
  window.addEventListener("popstate", () => {
    state.pasted = "";
    refresh({ link: location.search.slice(1), history: false });
  });

  document.documentElement.classList.add("scripted");
  document.querySelectorAll("#actions .copy").forEach((button) => (button.hidden = false));
  state.valid = document.querySelector("#project").dataset.beforeOk === "yes";
  remember(form);
  setUpProject(document.querySelector("#project"));
})();
