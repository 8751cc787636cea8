// Small helps for people who work here all day. Every page works without them.
(() => {
  "use strict";
  const { body } = document;
  const typing = (node) => node.closest?.("input, textarea, select, [contenteditable]");
  const closeMenus = (but) => {
    for (const menu of document.querySelectorAll("details:is(.menu, .drop)[open]")) if (menu !== but) menu.open = false;
  };

  // what is said to screen readers, and after copying to everybody
  const status = body.appendChild(document.createElement("p"));
  status.className = "unseen";
  status.setAttribute("role", "status");

  // a part of a page that could not be fetched says so
  const sayFailed = () => {
    const main = document.querySelector("main");
    main.querySelector(".notice.failed")?.remove();
    const notice = document.createElement("p");
    notice.className = "notice late failed";
    notice.setAttribute("role", "alert");
    notice.textContent = body.dataset.failed;
    main.prepend(notice);
  };
  for (const kind of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) body.addEventListener(kind, sayFailed);

  // children chosen in a list: how many, on a bar that is there while there are any
  const countChosen = (form) => {
    const bar = form.querySelector("[data-selection]");
    const boxes = [...form.querySelectorAll("[name=selected]")];
    const count = boxes.filter((box) => box.checked).length;
    const all = form.querySelector("[data-all]");
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
    bar.hidden = count === 0;
    bar.querySelector("[data-clear]").hidden = false;
    bar.querySelector("[data-count]").textContent = bar.dataset.words.replace("{n}", count);
    return bar.querySelector("[data-count]").textContent;
  };
  const tick = (form, wanted) => {
    for (const box of form.querySelectorAll("[name=selected]")) box.checked = wanted;
    status.textContent = countChosen(form);
  };
  document.addEventListener("change", (event) => {
    const { form, name } = event.target;
    if (event.target.matches("[data-all]")) tick(form, event.target.checked);
    else if (name === "selected" && form?.querySelector("[data-selection]")) status.textContent = countChosen(form);
  });
  addEventListener("pageshow", () => {
    for (const bar of document.querySelectorAll("[data-selection]")) countChosen(bar.closest("form"));
  });

  // what a page or a swapped part needs once
  const prepare = (root) => {
    root.querySelector(".tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
    root.querySelector("[data-focus]")?.focus();
    if (navigator.clipboard) for (const copy of root.querySelectorAll("[data-copy]")) copy.hidden = false;
    for (const all of root.querySelectorAll("[data-all]")) all.hidden = false;
    // what stands behind the # of an address reaches no server and no log: it goes into its field
    const fragment = root.querySelector("[data-fragment]");
    if (fragment && location.hash.length > 1) {
      fragment.value = location.hash.slice(1);
      history.replaceState(null, "", location.pathname);
    }
    for (const bar of root.querySelectorAll("[data-selection]")) countChosen(bar.closest("form"));
    if (!CSS.supports("selector(::details-content)") && innerWidth >= 720) {
      for (const box of root.querySelectorAll(".filters > details, .compared > .alike")) box.open = true;
    }
  };

  // what is typed into a picker is no choice yet: it sends no form on its way to the list
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-picker] [role=combobox]")) event.stopPropagation();
  }, true);

  // the picker: a combobox whose list arrives by htmx
  const pickerOf = (node) => {
    const root = node.closest?.("[data-picker]");
    if (!root) return null;
    return {
      box: root.querySelector("[role=combobox]"),
      list: root.querySelector("[role=listbox]"),
      code: root.querySelector("input[data-code]"),
      path: root.querySelector(".path [data-path]"),
    };
  };
  const showList = ({ box, list }, open) => {
    list.hidden = !open;
    box.setAttribute("aria-expanded", String(open));
    if (!open) box.removeAttribute("aria-activedescendant");
  };
  const setPath = ({ path }, text) => {
    path.textContent = text;
    path.closest(".path").classList.toggle("chosen", text !== "");
  };
  const mark = ({ box, list }, option) => {
    for (const other of list.children) other.setAttribute("aria-selected", String(other === option));
    option.id ||= `${list.id}_${[...list.children].indexOf(option)}`;
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const choose = (picker, option) => {
    picker.code.value = option.dataset.code;
    picker.box.value = option.dataset.name;
    setPath(picker, option.dataset.path);
    showList(picker, false);
    picker.code.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const pickerKey = (event, picker) => {
    const options = [...picker.list.querySelectorAll("[role=option]")];
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const open = !picker.list.hidden && options.length > 0;
    if (event.key === "Escape") return showList(picker, false);
    if (event.key === "Enter" && open && at >= 0) {
      event.preventDefault();
      return choose(picker, options[at]);
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !options.length) return undefined;
    event.preventDefault();
    showList(picker, true);
    return mark(picker, options.at((at + (at < 0 && step < 0 ? 0 : step)) % options.length));
  };

  // the search: arrows walk the answers
  const searchKey = (event, search) => {
    const stops = [search.querySelector("input[name=q]"), ...search.querySelectorAll(".found a")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      search.querySelector(".found").replaceChildren();
      stops[0].focus();
    } else if (step && stops.length > 1) {
      event.preventDefault();
      stops.at((stops.indexOf(document.activeElement) + step) % stops.length).focus();
    }
  };

  document.addEventListener("keydown", (event) => {
    const open = document.querySelector("details:is(.menu, .drop)[open]");
    if (event.key === "Escape" && open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
    if (event.key === "/" && !typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const input = document.querySelector(".search input[name=q]");
      if (input) {
        event.preventDefault();
        input.select();
      }
    }
    if (event.isComposing) return;
    const picker = event.target.matches?.("[role=combobox]") && pickerOf(event.target);
    if (picker) pickerKey(event, picker);
    const search = event.target.closest?.(".search");
    if (search) searchKey(event, search);
  });

  document.addEventListener("click", async (event) => {
    closeMenus(event.target.closest("details:is(.menu, .drop)"));
    const option = event.target.closest("[role=option]");
    if (option) choose(pickerOf(option), option);
    for (const box of document.querySelectorAll("[role=combobox][aria-expanded=true]")) {
      if (!box.parentElement.contains(event.target)) showList(pickerOf(box), false);
    }
    if (!event.target.closest(".search")) document.querySelector(".found")?.replaceChildren();
    if (event.target.closest("[data-print]")) print();
    const opener = event.target.closest("[data-opens]");
    if (opener) document.querySelector(opener.dataset.opens)?.showModal();
    if (event.target.closest("[data-clear]")) tick(event.target.closest("form"), false);
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      await navigator.clipboard.writeText(copy.dataset.copy);
      copy.textContent = status.textContent = copy.dataset.done;
    }
  });

  document.addEventListener("focusout", (event) => {
    const picker = event.target.matches?.("[role=combobox]") && pickerOf(event.target);
    if (picker) setTimeout(() => document.activeElement !== picker.box && showList(picker, false), 200);
  });

  // typed and not yet sent: ask before leaving
  let unsaved = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-guard]")) unsaved = true;
    const picker = event.target.matches("[role=combobox]") && pickerOf(event.target);
    if (picker) {
      picker.code.value = "";
      setPath(picker, "");
    }
  });
  document.addEventListener("submit", () => { unsaved = false; });
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

  // a file may be dropped anywhere on the area
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const area = event.target.closest?.("[data-upload]");
      if (!area) return;
      event.preventDefault();
      area.classList.toggle("over", kind === "dragover");
      if (kind !== "drop" || !event.dataTransfer.files.length) return;
      const input = area.querySelector("input[type=file]");
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.matches("[role=combobox]")) event.detail.parameters = { q: event.target.value };
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const picker = event.target.matches("[role=listbox]") && pickerOf(event.target);
    if (picker) showList(picker, event.target.children.length > 0 && document.activeElement === picker.box);
    const told = event.target.matches(".found") && event.target.querySelector("[data-said]");
    if (told) status.textContent = told.textContent;
    prepare(event.target.parentElement ?? body);
  });
  prepare(document);
})();
